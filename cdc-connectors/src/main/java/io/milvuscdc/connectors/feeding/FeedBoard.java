// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where those who feed a target are noted. A note is on a lease, and vanishes with it. Used by one
 * thread. What can't be asked for now throws an {@link IOException}, what is forbidden a {@link
 * FeedBoardDeniedException}.
 */
interface FeedBoard extends AutoCloseable {

    /**
     * A note of somebody who feeds the target, or is about to.
     *
     * @param owner as {@link Feeder#owner}
     * @param words who it is, for people
     * @param lease that it's on
     * @param order smaller than that of every note that was put up later
     */
    record Note(String owner, String words, long lease, long order) {}

    /** All that are there, whoever put them up, by one look. */
    List<Note> notes() throws IOException;

    /** A new lease, which lapses when it isn't renewed for this long. */
    long grant(Duration ttl) throws IOException;

    /** Puts up the own note, and looks at all that are there, in one step. */
    List<Note> put(long lease) throws IOException;

    /** The own note. */
    Optional<Note> own() throws IOException;

    /** Has a lease longer; false when it has lapsed. */
    boolean renew(long lease) throws IOException;

    /** Ends a lease, and with it the notes on it. */
    void revoke(long lease) throws IOException;

    @Override
    void close();
}

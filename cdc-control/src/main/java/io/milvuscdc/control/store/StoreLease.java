// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.util.Optional;

/**
 * The right to change what's below a root path, as a backend keeps it: it lapses by itself when it
 * isn't renewed.
 */
interface StoreLease {

    /**
     * Tries to take it.
     *
     * @return who has it, empty when it's ours now
     */
    Optional<String> take() throws StoreException;

    /**
     * Has it longer. One that has lapsed is taken again unless somebody else had it in between.
     *
     * @return false when somebody else has it, or had
     */
    boolean renew() throws StoreException;

    /** Gives it back at once. */
    void release() throws StoreException;

    /** What it's the right to, for messages. */
    String describe();
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells from a Pulsar's log whether its bookie fights with its own registration. */
final class BookieFight {

    private static final String LOST = "Lock on resource /ledgers/available/";

    /** A start without one has none; a fight has hundreds a second. */
    private static final int FEW = 50;

    /** As much of the log is enough: the fight begins with the bookie, before the broker. */
    private static final int MOST_BYTES = 16 << 20;

    private BookieFight() {}

    /**
     * Whether there is one.
     *
     * @param from where in the log this start begins
     */
    static boolean isIn(Path log, long from) {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long size = Math.min(Math.max(0, channel.size() - from), MOST_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // until all of it is there
            }
            String text =
                    new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
            return text.lines().filter(line -> line.contains(LOST)).count() > FEW;
        } catch (IOException e) {
            throw new ServerException("cannot read " + log, e);
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands behind the content of a file of a checkpoint: a magic number, the length of the
 * content, and the CRC-32C of content and length. Flink reads no file to its end, so that it, and
 * releases that know of no seal, read a sealed file like any other.
 *
 * <p>Takes the content piece by piece. For one thread.
 */
final class Seal {

    /** How long a seal is. */
    static final int BYTES = 20;

    private static final long MAGIC = 0x4d56_4344_4353_4541L;
    private static final int BUFFER = 64 * 1024;

    private final CRC32C sum = new CRC32C();
    private long length;

    void update(int b) {
        sum.update(b);
        length++;
    }

    void update(byte[] bytes, int offset, int count) {
        sum.update(bytes, offset, count);
        length += count;
    }

    /** The seal of what was taken, which ends it. */
    byte[] close() {
        ByteBuffer seal = ByteBuffer.allocate(BYTES).putLong(MAGIC).putLong(length);
        sum.update(seal.array(), Long.BYTES, Long.BYTES);
        return seal.putInt((int) sum.getValue()).array();
    }

    /** Whether a file ends as sealed ones do; says nothing of its content. */
    static boolean isSealed(byte[] file) {
        return file.length >= BYTES && ByteBuffer.wrap(file).getLong(file.length - BYTES) == MAGIC;
    }

    /**
     * Compares a sealed file with its seal.
     *
     * @param content how long the content is, in bytes
     * @param file the content and its seal, and nothing else
     * @return what is wrong, in words; empty when nothing is
     */
    static Optional<String> damage(long content, InputStream file) throws IOException {
        Seal seal = new Seal();
        byte[] buffer = new byte[BUFFER];
        while (seal.length < content) {
            int read = file.read(buffer, 0, (int) Math.min(buffer.length, content - seal.length));
            if (read < 0) {
                return Optional.of("it ends too early, at byte " + seal.length);
            }
            seal.update(buffer, 0, read);
        }
        byte[] found = file.readNBytes(BYTES);
        return ByteBuffer.wrap(found).equals(ByteBuffer.wrap(seal.close()))
                ? Optional.empty()
                : Optional.of(
                        "its checksum isn't that of its "
                                + content
                                + " bytes, so it was changed after it was written");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;

/** Collects the body of a request as it comes in, up to a bound, without holding a thread. */
final class BodyReader implements Runnable {

    private final Content.Source source;
    private final int maxBytes;

    /**
     * How much of a body that is too long is read and thrown away: while a client still sends, an
     * answer that is followed by the connection's end may never reach it.
     */
    private static final long DISCARDED_BYTES = 16L << 20;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private long discarded;

    private BodyReader(Content.Source source, int maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    /** The body is longer than allowed. */
    static final class TooLongException extends Exception {

        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("the body is longer than allowed", null, false, false);
        }
    }

    /**
     * The whole body; fails with {@link TooLongException} when it's longer than allowed, once it
     * has been read as far as is reasonable, and with the connection's failure when it breaks off.
     */
    static CompletableFuture<byte[]> read(Content.Source source, int maxBytes) {
        BodyReader reader = new BodyReader(source, maxBytes);
        reader.run();
        return reader.result;
    }

    /** Takes what's there; called again by Jetty when there's more. */
    @Override
    public void run() {
        boolean last = false;
        while (!last) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                result.completeExceptionally(chunk.getFailure());
                return;
            }
            last = chunk.isLast();
            take(chunk.getByteBuffer());
            chunk.release();
            if (discarded > DISCARDED_BYTES) {
                break;
            }
        }
        if (discarded > 0) {
            result.completeExceptionally(new TooLongException());
        } else {
            result.complete(body.toByteArray());
        }
    }

    private void take(ByteBuffer bytes) {
        if (discarded > 0 || bytes.remaining() > maxBytes - body.size()) {
            discarded += bytes.remaining();
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        body.writeBytes(copy);
    }
}

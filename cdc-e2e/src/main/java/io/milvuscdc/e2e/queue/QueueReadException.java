// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

/** A topic could not be read, or holds what no Milvus writes. */
public final class QueueReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueueReadException(String message) {
        super(message);
    }

    public QueueReadException(String message, Throwable cause) {
        super(message, cause);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

/** The task store can't do what it was asked; the message says what, where and what to do. */
public final class StoreException extends Exception {

    private final boolean passing;

    public StoreException(String message) {
        this(message, null, false);
    }

    public StoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /** A failure that may pass by itself, such as a lost connection. */
    static StoreException passing(String message, Throwable cause) {
        return new StoreException(message, cause, true);
    }

    /** Whether the same call may succeed a little later. */
    boolean isPassing() {
        return passing;
    }
}

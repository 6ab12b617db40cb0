// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

/** Flink didn't do what it was asked; the message says what, for which job, and why. */
public final class ClusterException extends Exception {

    private enum Kind {
        REFUSED,
        UNANSWERED,
        SPENT
    }

    private final Kind kind;

    /** Flink has refused, or couldn't. */
    public ClusterException(String message) {
        this(message, null);
    }

    /** Flink has refused, or couldn't. */
    public ClusterException(String message, Throwable cause) {
        this(Kind.REFUSED, message, cause);
    }

    private ClusterException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Flink can't be reached, or its answer got lost: it may have done it or not. */
    public static ClusterException unanswered(String message, Throwable cause) {
        return new ClusterException(Kind.UNANSWERED, message, cause);
    }

    /** A job of this id has run before and doesn't any more; it takes another id. */
    public static ClusterException spent(String message) {
        return new ClusterException(Kind.SPENT, message, null);
    }

    /** Whether Flink may have done it nevertheless; to be looked for before it's tried again. */
    public boolean isUnanswered() {
        return kind == Kind.UNANSWERED;
    }

    /** Whether only the job's id is at fault, as a job of this id has run and ended. */
    public boolean isSpent() {
        return kind == Kind.SPENT;
    }
}

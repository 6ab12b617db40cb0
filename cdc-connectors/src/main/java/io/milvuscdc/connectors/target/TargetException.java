// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.failure.PortableCause;

/**
 * A call to the target didn't succeed. Its message names the call, the object, the target's answer
 * and what to do.
 */
public class TargetException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    static final int NO_CODE = -1;

    /** Instead of a code: the target's version has no such call, in whatever words it says so. */
    static final int UNKNOWN_CALL = -2;

    /** Instead of a code: it wasn't asked, because a {@link ChangeGuard} forbade it. */
    static final int WITHHELD = -3;

    /** What a caller may do about it. */
    public enum Kind {
        /** The same call may succeed later: not ready, rate limited, not yet visible, unknown. */
        RETRY,
        /** It will fail again until somebody changes the target, the task or the source. */
        FATAL
    }

    private final Kind kind;
    private final int code;

    TargetException(Kind kind, int code, String message, Throwable cause) {
        super(message, PortableCause.of(cause));
        this.kind = kind;
        this.code = code;
    }

    /** One that the same call may overcome later. */
    public static TargetException retry(String message) {
        return new TargetException(Kind.RETRY, NO_CODE, message, null);
    }

    public Kind kind() {
        return kind;
    }

    /** Milvus' error code of the answer, -1 when the call didn't get that far. */
    int code() {
        return code;
    }

    /**
     * Whether the target as a whole serves nobody now, so that other calls will fare no better: the
     * call got no answer at all, or one that a part of Milvus isn't ready or isn't to be had, or
     * wasn't made because this run may change nothing.
     */
    public boolean unanswered() {
        return code == StatusClassifier.SERVICE_NOT_READY
                || code == StatusClassifier.SERVICE_UNAVAILABLE
                || code == WITHHELD
                || (code == NO_CODE && getCause() != null);
    }
}

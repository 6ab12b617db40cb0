// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Stands for a cause of another library, with its text, stack and causes. gRPC's exceptions can't
 * be serialized, and an exception with such a cause reaches Flink's job manager without its class:
 * a fatal error would be taken for one that a restart mends.
 */
public final class PortableCause extends Exception {

    private static final long serialVersionUID = 1L;

    private static final String OURS = "io.milvuscdc.";

    private final Status.Code status;

    private PortableCause(Throwable original, Throwable cause) {
        super(original.toString(), cause);
        this.status =
                original instanceof StatusRuntimeException answer
                        ? answer.getStatus().getCode()
                        : null;
        setStackTrace(original.getStackTrace());
    }

    /** A copy of the cause and its causes, down to one of this project; null for none. */
    public static Throwable of(Throwable original) {
        return original == null || original.getClass().getName().startsWith(OURS)
                ? original
                : new PortableCause(original, of(original.getCause()));
    }

    /** Whether gRPC itself said that the login is wrong. */
    public static boolean isWrongLogin(Throwable cause) {
        return cause instanceof PortableCause portable
                && portable.status == Status.Code.UNAUTHENTICATED;
    }
}

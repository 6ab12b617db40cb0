// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** An error of kind FATAL: Flink ends the job instead of restarting it. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class FatalTargetException extends TargetException {

    private static final long serialVersionUID = 1L;

    public FatalTargetException(String message) {
        this(NO_CODE, message, null);
    }

    FatalTargetException(int code, String message, Throwable cause) {
        super(Kind.FATAL, code, message, cause);
    }
}

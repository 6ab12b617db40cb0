// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * What a checkpoint holds can't be understood: it's damaged, or of a newer release. It stays so,
 * and Flink ends the job instead of restarting it.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class UnreadableStateException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message says what can't be read, why, and what to do. */
    public UnreadableStateException(String message, Throwable cause) {
        super(message, PortableCause.of(cause));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A server of the source refuses this client: its login, its certificate or a permission. It goes
 * on refusing until somebody changes that, so Flink ends the job instead of restarting it. A server
 * that is away, slow or without a leader is never the reason.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class SourceRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message names the server, what it refuses and what to do. */
    public SourceRefusedException(String message, Throwable cause) {
        super(message, PortableCause.of(cause));
    }
}

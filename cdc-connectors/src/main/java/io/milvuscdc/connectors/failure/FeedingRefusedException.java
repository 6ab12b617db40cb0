// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Another job feeds the target. It may go on doing so for ever, so Flink ends this job instead of
 * restarting it.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class FeedingRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message names the target and who feeds it, and says what to do. */
    public FeedingRefusedException(String message) {
        super(message);
    }
}

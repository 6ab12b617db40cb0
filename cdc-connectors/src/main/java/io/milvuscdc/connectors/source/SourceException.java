// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.io.Serial;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The source can't go on and trying again wouldn't help: a position is gone, a message can't be
 * decoded. Ends the job without a restart; its message says what to do.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class SourceException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}

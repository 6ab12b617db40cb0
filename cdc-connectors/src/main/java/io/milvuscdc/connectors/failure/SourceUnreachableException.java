// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import java.io.IOException;

/**
 * A server of the source gives no answer: it is down, slow, or not to be reached. The same request
 * may succeed later, so whoever can wait waits.
 */
public final class SourceUnreachableException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message names the server and what to do. */
    public SourceUnreachableException(String message, Throwable cause) {
        super(message, PortableCause.of(cause));
    }
}

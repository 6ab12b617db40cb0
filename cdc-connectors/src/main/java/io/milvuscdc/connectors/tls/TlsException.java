// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.io.IOException;

/** A certificate or key can't be used. Its message says which and why, and shows none of it. */
public final class TlsException extends IOException {

    private static final long serialVersionUID = 1L;

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}

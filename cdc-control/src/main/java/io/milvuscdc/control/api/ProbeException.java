// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/** A target that can't be replicated into; the message says why and what to do. */
public final class ProbeException extends Exception {

    public ProbeException(String message, Throwable cause) {
        super(message, cause);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import io.milvus.grpc.Status;

/** A Milvus refused to show something, for example because it was dropped while it was read. */
public final class MilvusReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    MilvusReadException(String what, Status status) {
        super(what + ": code " + status.getCode() + ", " + status.getReason());
        this.code = status.getCode();
    }

    /** Milvus' error code. */
    public int code() {
        return code;
    }
}

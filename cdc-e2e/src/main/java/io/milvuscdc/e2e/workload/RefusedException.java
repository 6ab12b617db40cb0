// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.workload;

import io.milvus.grpc.Status;

/** Milvus refused a call of the workload. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedException(String what, Status status) {
        super(what + ": code " + status.getCode() + ", " + status.getReason());
    }
}

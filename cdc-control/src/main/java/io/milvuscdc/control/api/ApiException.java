// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/** A request that isn't fulfilled; code and message are what the caller gets. */
final class ApiException extends Exception {

    static final int CLIENT_ERROR = 400;
    static final int SERVER_ERROR = 500;

    private final int code;

    private ApiException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** The request asks for something that it can't have. */
    static ApiException client(String message) {
        return new ApiException(CLIENT_ERROR, message);
    }

    /** The request is in order but can't be fulfilled now. */
    static ApiException server(String message) {
        return new ApiException(SERVER_ERROR, message);
    }

    int code() {
        return code;
    }
}

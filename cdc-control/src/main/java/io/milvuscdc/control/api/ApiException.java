// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/** A request that isn't fulfilled; code and message are what the caller gets. */
final class ApiException extends Exception {

    static final int CLIENT_ERROR = 400;
    static final int SERVER_ERROR = 500;

    private final int code;
    private final boolean decoding;

    private ApiException(int code, boolean decoding, String message) {
        super(message);
        this.code = code;
        this.decoding = decoding;
    }

    /** The request asks for something that it can't have. */
    static ApiException client(String message) {
        return new ApiException(CLIENT_ERROR, false, message);
    }

    /** The request is in order but can't be fulfilled now. */
    static ApiException server(String message) {
        return new ApiException(SERVER_ERROR, false, message);
    }

    /** The request has fields of the wrong type. */
    static ApiException undecodable(String message) {
        return new ApiException(SERVER_ERROR, true, message);
    }

    /**
     * Refuses a request that breaks a rule.
     *
     * @throws ApiException the rule is broken
     */
    static void refuseIf(boolean broken, String message) throws ApiException {
        if (broken) {
            throw client(message);
        }
    }

    /** Whether the request couldn't be decoded, which has a sentence of its own in the answer. */
    boolean isDecoding() {
        return decoding;
    }

    int code() {
        return code;
    }
}

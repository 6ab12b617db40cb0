// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Every answer.
 *
 * @param code 200, 400, 405 or 500; the HTTP status is always 200
 * @param message left out when empty
 * @param data left out when null
 */
record Envelope(
        @JsonProperty("code") int code,
        @JsonProperty("message") @JsonInclude(JsonInclude.Include.NON_EMPTY) String message,
        @JsonProperty("data") @JsonInclude(JsonInclude.Include.NON_NULL) Object data) {

    static final int OK = 200;

    static Envelope success(Object data) {
        return new Envelope(OK, "", data);
    }

    static Envelope failure(int code, String message) {
        return new Envelope(code, message, null);
    }
}

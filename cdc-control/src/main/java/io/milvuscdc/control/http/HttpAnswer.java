// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import java.util.Map;

/**
 * What a page answers.
 *
 * @param contentType with the charset, where it isn't JSON
 * @param body sent as UTF-8
 * @param headers further ones, by name
 */
public record HttpAnswer(int status, String contentType, String body, Map<String, String> headers) {

    /** An answer without further headers. */
    public HttpAnswer(int status, String contentType, String body) {
        this(status, contentType, body, Map.of());
    }

    /** An answer in JSON. */
    public static HttpAnswer json(int status, String body) {
        return new HttpAnswer(status, "application/json", body);
    }

    /** An answer in plain text. */
    public static HttpAnswer text(int status, String body) {
        return new HttpAnswer(status, "text/plain; charset=utf-8", body);
    }

    /** The same with these headers and no others. */
    public HttpAnswer with(Map<String, String> newHeaders) {
        return new HttpAnswer(status, contentType, body, newHeaders);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

/** A request, read to its end. */
public final class HttpCall {

    private final String method;
    private final String query;
    private final byte[] body;

    HttpCall(String method, String query, byte[] body) {
        this.method = method;
        this.query = query;
        this.body = body;
    }

    /** GET, POST and so on. */
    public String method() {
        return method;
    }

    /** What stands behind the question mark, undecoded; empty when there's none. */
    public String query() {
        return query;
    }

    /** The body; it belongs to the caller. */
    public byte[] body() {
        return body;
    }
}

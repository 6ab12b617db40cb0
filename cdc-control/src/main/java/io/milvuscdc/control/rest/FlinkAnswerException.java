// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.rest;

import java.io.IOException;

/** Flink has answered, but not with what was asked for. */
public final class FlinkAnswerException extends IOException {

    private static final int OK = 200;

    private final int status;
    private final String errors;
    private final boolean ofFlink;

    private FlinkAnswerException(String message, int status, String errors, boolean ofFlink) {
        super(message);
        this.status = status;
        this.errors = errors;
        this.ofFlink = ofFlink;
    }

    static FlinkAnswerException of(String request, int status, String errors, boolean ofFlink) {
        return new FlinkAnswerException(
                "Flink answers " + request + " with status " + status, status, errors, ofFlink);
    }

    /** A success that lacks what Flink's always has, so that it's somebody else's. */
    public static FlinkAnswerException without(String field, String request) {
        return new FlinkAnswerException(
                "Flink answers " + request + " without " + field, OK, "", false);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What Flink says is wrong: messages and stack traces, one after the other; may be empty. */
    public String errors() {
        return errors;
    }

    /** Whether the answer has the form of Flink's errors; a proxy's, for example, hasn't. */
    public boolean isFlinks() {
        return ofFlink;
    }
}

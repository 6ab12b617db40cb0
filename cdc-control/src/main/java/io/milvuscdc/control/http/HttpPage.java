// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import java.io.IOException;

/** Answers the requests for one path. Called by several threads at once. */
@FunctionalInterface
public interface HttpPage {

    /**
     * Answers a request whose body has been read.
     *
     * @throws IOException the page can't be made now; its message is sent, with status 500
     */
    HttpAnswer answer(HttpCall call) throws IOException;

    /**
     * Answers a request whose body is not taken.
     *
     * @param status 413 when it's too long, 400 when it broke off
     * @param why in words
     */
    default HttpAnswer refuse(int status, String why) {
        return HttpAnswer.json(status, "{\"code\":" + status + ",\"message\":\"" + why + "\"}\n");
    }
}

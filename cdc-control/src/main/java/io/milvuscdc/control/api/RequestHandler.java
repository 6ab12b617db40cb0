// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;

/** Answers one type of request. Safe for use by several threads. */
interface RequestHandler {

    /**
     * Fulfils the request.
     *
     * @param fields of {@code request_data}
     * @return what becomes {@code data}, or null for nothing
     */
    Object handle(Fields fields) throws ApiException, StoreException, InterruptedException;
}

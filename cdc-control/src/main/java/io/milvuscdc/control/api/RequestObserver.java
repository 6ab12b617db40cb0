// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/** Is told of every request. Called by several threads; must not block. */
public interface RequestObserver {

    /** Stands for every request type that doesn't exist, so that nobody can make up new ones. */
    String UNKNOWN = "unknown";

    /** For those who don't want to know. */
    RequestObserver NONE =
            new RequestObserver() {
                @Override
                public void received(String requestType) {}

                @Override
                public void succeeded(String requestType, long millis) {}

                @Override
                public void refused(Refusal why) {}
            };

    /** Why a request didn't even get to have a type. */
    enum Refusal {
        INVALID_METHOD,
        READ_ERROR,
        UNMARSHAL_ERROR
    }

    /**
     * A request has come.
     *
     * @param requestType one that exists, or {@link #UNKNOWN}
     */
    void received(String requestType);

    /** A request was answered with code 200. */
    void succeeded(String requestType, long millis);

    /** Something came that is no request. */
    void refused(Refusal why);
}

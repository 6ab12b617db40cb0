// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

/** Is told of every call that the target has carried out. Called by any thread, must not block. */
@FunctionalInterface
public interface CallListener {

    /** Isn't interested. */
    CallListener NONE = method -> {};

    /**
     * A call succeeded, or what it was to do was done already.
     *
     * @param method its name in Milvus' API, for example {@code CreateIndex}
     */
    void succeeded(String method);
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.io.IOException;

/**
 * Says whether the target may be changed at this moment. A process that stood still goes on where
 * it was, with names that may be another collection's by then. Asked before each attempt of every
 * call that changes something, by whichever thread makes it; neither waits nor asks anybody else.
 */
@FunctionalInterface
public interface ChangeGuard {

    /** For whom nobody else can come. */
    ChangeGuard NONE = () -> true;

    /**
     * Whether it may be changed now.
     *
     * @throws IOException it may not any more
     */
    boolean mayChange() throws IOException;
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;

/** Finds out where a new task starts to read. Blocks. */
@FunctionalInterface
public interface StartFinder {

    /**
     * The point that the request means at this moment.
     *
     * @throws IOException in words, when the source doesn't answer
     */
    StartPoint resolve(StartRequest request) throws IOException;
}

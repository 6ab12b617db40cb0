// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import java.io.IOException;
import java.util.Map;

/** Finds out where a new task starts to read. Blocks. */
@FunctionalInterface
public interface StartOffsets {

    /**
     * First offset by pchannel.
     *
     * @param fromCollectionStart where the live collections begin, rather than the end of now
     */
    Map<String, Long> resolve(boolean fromCollectionStart) throws IOException;
}

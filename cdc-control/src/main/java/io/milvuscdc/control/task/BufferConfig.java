// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The write buffer of early versions of the old tool: checked and kept, without effect. */
public record BufferConfig(@JsonProperty("period") int period, @JsonProperty("size") int size) {

    /** Nothing said. */
    public static final BufferConfig NONE = new BufferConfig(0, 0);
}

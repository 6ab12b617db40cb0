// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which collections a task replicates and from where, in the API's form.
 *
 * @param name a name, or {@code *} for all
 * @param positions base64 {@code MsgPosition} by vchannel, as the user gave them; null when none
 * @param useStartPosition also what was written before the task existed
 */
public record CollectionInfo(
        @JsonProperty("name") String name,
        @JsonProperty("positions") Map<String, String> positions,
        @JsonProperty("use_start_position") boolean useStartPosition) {

    /** Every collection. */
    public static final String ALL = "*";

    public CollectionInfo {
        name = Optional.ofNullable(name).orElse("");
        positions = positions == null ? null : new TreeMap<>(positions);
    }

    /** The positions, by vchannel. */
    public Map<String, String> positionsOrNone() {
        return positions == null ? Map.of() : positions;
    }

    /** True when this stands for all collections. */
    public boolean coversAll() {
        return name.equals(ALL);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import java.util.Optional;

/**
 * One partition.
 *
 * @param loadState Milvus' word for it
 * @param count {@code count(*)}; empty when it's not loaded, and in a collection with a partition
 *     key, where Milvus answers no query for one partition
 */
public record PartitionContent(String loadState, Optional<Long> count) {

    /** Whether its rows can be read. */
    public boolean isLoaded() {
        return loadState.equals(CollectionContent.LOADED);
    }
}

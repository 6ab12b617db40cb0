// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import java.util.Optional;
import java.util.SortedMap;

/**
 * One collection.
 *
 * @param createTs its {@code created_timestamp}, a tso; not compared, since a collection that was
 *     adopted keeps its own
 * @param traits what its description, its indexes and aliases say, as name and text: {@code shards
 *     → 2}, {@code field age → Int64 ...}, {@code index i → ...}, {@code alias a → ...}
 * @param loadState of the collection as a whole, Milvus' word for it
 * @param partitions by name
 * @param count {@code count(*)} over all that is loaded; empty when nothing is. Copies of a row
 *     show here and only here.
 * @param rows empty when nothing is loaded, or when only an outline was read
 */
public record CollectionContent(
        long createTs,
        SortedMap<String, String> traits,
        String loadState,
        SortedMap<String, PartitionContent> partitions,
        Optional<Long> count,
        Optional<RowDigests> rows) {

    static final String LOADED = "LoadStateLoaded";

    /** Whether its rows can be read: loaded completely, or as far as it's meant to be. */
    public boolean isLoaded() {
        return loadState.equals(LOADED);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one of the source's databases, or collections of it, are called at the target, in the API's
 * form ({@code name_mapping}).
 *
 * @param collections target name by source name; empty for the whole database
 */
public record DatabaseMapping(
        @JsonProperty("source_db") String sourceDatabase,
        @JsonProperty("target_db") String targetDatabase,
        @JsonProperty("collection_mapping") Map<String, String> collections) {

    public DatabaseMapping {
        sourceDatabase = sourceDatabase == null ? "" : sourceDatabase;
        targetDatabase = targetDatabase == null ? "" : targetDatabase;
        collections = collections == null ? Map.of() : new TreeMap<>(collections);
    }

    /** The same for the job: {@code *} to {@code *} is another way to say the whole database. */
    List<NameMapping.Entry> entries() {
        if (!CollectionPattern.ANY.equals(collections.get(CollectionPattern.ANY))) {
            return List.of(new NameMapping.Entry(sourceDatabase, targetDatabase, collections));
        }
        List<NameMapping.Entry> entries = new ArrayList<>();
        entries.add(new NameMapping.Entry(sourceDatabase, targetDatabase, Map.of()));
        Map<String, String> named = new TreeMap<>(collections);
        named.remove(CollectionPattern.ANY);
        if (!named.isEmpty()) {
            entries.add(new NameMapping.Entry(sourceDatabase, targetDatabase, named));
        }
        return entries;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The aliases of all live source collections. */
final class SourceAliases {

    private record Alias(String db, String name) {}

    private final Set<Alias> all = new HashSet<>();

    SourceAliases(Collection<SourceCollection> live) {
        for (SourceCollection collection : live) {
            collection.aliases().forEach(alias -> all.add(new Alias(collection.dbName(), alias)));
        }
    }

    boolean exists(String db, String alias) {
        return all.contains(new Alias(db, alias));
    }
}

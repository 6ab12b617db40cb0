// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.LiveProperties;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.target.MetadataReconciler;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The source's catalogue without the collections whose drop was committed: its watch may be behind
 * the messages, and what was just dropped at the target must not be made again.
 */
record UndroppedView(SourceCatalogue catalogue, LiveProperties properties, Set<Long> dropped)
        implements MetadataReconciler.SourceView {

    @Override
    public List<SourceDatabase> databases() {
        return catalogue.databases();
    }

    @Override
    public List<SourceCollection> collections() {
        return catalogue.collections().stream().filter(c -> !dropped.contains(c.id())).toList();
    }

    @Override
    public Optional<SourceCollection> collection(long id) {
        return dropped.contains(id)
                ? Optional.empty()
                : catalogue.collection(id).map(properties::refresh);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.MetadataReconciler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The source as the target is to look: only what the task replicates, under the target's names. So
 * nothing behind it knows of selection, mapping and ignored partitions. Used by one thread.
 */
final class ScopedView implements MetadataReconciler.SourceView {

    private final MetadataReconciler.SourceView source;
    private final ReplicationScope scope;
    private final Membership membership;

    ScopedView(
            MetadataReconciler.SourceView source, ReplicationScope scope, Membership membership) {
        this.source = source;
        this.scope = scope;
        this.membership = membership;
    }

    /** Decides on collections that are new; before, they aren't shown. */
    void decideOnNew() throws IOException {
        for (SourceCollection collection : source.collections()) {
            membership.includes(collection);
        }
    }

    @Override
    public List<SourceDatabase> databases() {
        List<SourceDatabase> shown = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SourceDatabase database : source.databases()) {
            String name = scope.names().database(database.name());
            if (scope.selection().coversDatabase(database.name()) && names.add(name)) {
                shown.add(database.called(name));
            }
        }
        return shown;
    }

    /** Those of the task that exist. */
    @Override
    public List<SourceCollection> collections() {
        List<SourceCollection> members =
                source.collections().stream().filter(c -> isMember(c.id())).toList();
        scope.nameClash(members)
                .ifPresent(
                        clash -> {
                            throw new FatalTargetException(clash);
                        });
        return members.stream().map(scope::atTarget).toList();
    }

    @Override
    public Optional<SourceCollection> collection(long id) {
        return isMember(id) ? source.collection(id).map(scope::atTarget) : Optional.empty();
    }

    /** The collection of the task that goes by a name or an alias at the source. */
    Optional<SourceCollection> called(String database, String nameOrAlias) {
        String db = database.isEmpty() ? "default" : database;
        return source.collections().stream()
                .filter(c -> isMember(c.id()) && c.dbName().equals(db))
                .filter(c -> c.name().equals(nameOrAlias) || c.aliases().contains(nameOrAlias))
                .findFirst()
                .map(scope::atTarget);
    }

    private boolean isMember(long id) {
        return membership.known(id).orElse(false);
    }
}

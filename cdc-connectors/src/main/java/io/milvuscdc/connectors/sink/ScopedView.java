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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source as the target is to look: only what the task replicates, under the target's names. So
 * nothing behind it knows of selection, mapping and ignored partitions. Used by one thread.
 */
final class ScopedView implements MetadataReconciler.SourceView {

    private static final Logger LOG = LoggerFactory.getLogger(ScopedView.class);

    private final MetadataReconciler.SourceView source;
    private final ReplicationScope scope;
    private final Membership membership;
    private final Set<String> refusedAliases = new HashSet<>();

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
        List<SourceCollection> shown = members.stream().map(scope::atTarget).toList();
        Map<String, SourceCollection> holders = aliasHolders(shown);
        return shown.stream().map(collection -> ownAliases(collection, holders)).toList();
    }

    private List<SourceCollection> members() {
        return source.collections().stream()
                .filter(c -> isMember(c.id()))
                .map(scope::atTarget)
                .toList();
    }

    /** By database and alias, the collection that has it: the oldest of those that want it. */
    private static Map<String, SourceCollection> aliasHolders(List<SourceCollection> shown) {
        Map<String, SourceCollection> holders = new HashMap<>();
        shown.stream()
                .sorted(Comparator.comparingLong(SourceCollection::id))
                .forEach(
                        collection ->
                                collection
                                        .aliases()
                                        .forEach(
                                                a ->
                                                        holders.putIfAbsent(
                                                                at(collection, a), collection)));
        return holders;
    }

    /** Source databases that become one can have an alias each of the same name. */
    private SourceCollection ownAliases(
            SourceCollection collection, Map<String, SourceCollection> holders) {
        List<String> own = new ArrayList<>();
        for (String alias : collection.aliases()) {
            SourceCollection holder = holders.get(at(collection, alias));
            if (holder == null || holder.id() == collection.id()) {
                own.add(alias);
            } else if (refusedAliases.add(collection.id() + "/" + alias)) {
                LOG.warn(
                        "The alias {} of {}.{} isn't made at the target: {}.{} has it there. Two"
                                + " source databases with this alias are mapped into one; rename"
                                + " one of the aliases, or map the databases apart",
                        alias,
                        collection.dbName(),
                        collection.name(),
                        holder.dbName(),
                        holder.name());
            }
        }
        return own.size() == collection.aliases().size() ? collection : collection.withAliases(own);
    }

    private static String at(SourceCollection collection, String alias) {
        return collection.dbName() + "." + alias;
    }

    @Override
    public Optional<SourceCollection> collection(long id) {
        if (!isMember(id)) {
            return Optional.empty();
        }
        Optional<SourceCollection> shown = source.collection(id).map(scope::atTarget);
        return shown.isEmpty() || shown.get().aliases().isEmpty()
                ? shown
                : shown.map(collection -> ownAliases(collection, aliasHolders(members())));
    }

    @Override
    public boolean isDropped(long collectionId) {
        return source.isDropped(collectionId);
    }

    @Override
    public boolean isDropped(long collectionId, long partitionId) {
        return source.isDropped(collectionId, partitionId);
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

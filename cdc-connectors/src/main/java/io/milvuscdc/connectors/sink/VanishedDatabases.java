// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.target.TargetException;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops databases at the target that were dropped at the source. What can be dropped is dropped
 * with the commit that asks for it: nothing would ask again after a restart. The rest is left to
 * whoever {@link #take takes} it. Thread-safe.
 */
final class VanishedDatabases {

    private static final Logger LOG = LoggerFactory.getLogger(VanishedDatabases.class);

    private static final String DEFAULT = "default";

    private final ReplicationScope scope;
    private final Supplier<List<SourceDatabase>> shown;
    private final Predicate<String> dropIfEmpty;
    private final Set<String> left = ConcurrentHashMap.newKeySet();

    /**
     * Of one task.
     *
     * @param shown the databases that the source's watch shows
     * @param dropIfEmpty drops a database of the target unless it has collections
     */
    VanishedDatabases(
            ReplicationScope scope,
            Supplier<List<SourceDatabase>> shown,
            Predicate<String> dropIfEmpty) {
        this.scope = scope;
        this.shown = shown;
        this.dropIfEmpty = dropIfEmpty;
    }

    /**
     * A database was dropped at the source.
     *
     * @return whether it was dropped at the target just now
     * @throws TargetException when the target doesn't answer, or will never do it
     */
    boolean dropped(String sourceDatabase) {
        if (!scope.selection().coversDatabase(sourceDatabase)) {
            return false;
        }
        left.add(scope.names().database(sourceDatabase));
        return dropNow(sourceDatabase);
    }

    /**
     * The last drop of a collection may come after its database's.
     *
     * @return whether the database was dropped at the target just now
     * @throws TargetException when the target doesn't answer, or will never do it
     */
    boolean lostACollection(String sourceDatabase) {
        return !sourceDatabase.isEmpty()
                && scope.selection().coversDatabase(sourceDatabase)
                && dropNow(sourceDatabase);
    }

    private boolean dropNow(String sourceDatabase) {
        String name = scope.names().database(sourceDatabase);
        if (name.equals(DEFAULT) || isShown(name)) {
            return false;
        }
        // also when it's dropped here: it may be made anew at the source before anybody looks
        left.add(name);
        try {
            return dropIfEmpty.test(name);
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            LOG.info("Database {} isn't dropped with the commit: {}", name, e.getMessage());
            return false;
        }
    }

    /** Also one of several that are one at the target. */
    private boolean isShown(String name) {
        return shown.get().stream()
                .filter(database -> database.state() == ObjectState.CREATED)
                .map(SourceDatabase::name)
                .filter(scope.selection()::coversDatabase)
                .anyMatch(database -> scope.names().database(database).equals(name));
    }

    /** The target's names of those that are left; they're no longer left then. */
    Set<String> take() {
        Set<String> taken = Set.copyOf(left);
        left.removeAll(taken);
        return taken;
    }
}

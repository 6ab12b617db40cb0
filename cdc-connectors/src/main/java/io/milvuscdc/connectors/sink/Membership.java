// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.CollectionLookup;
import io.milvuscdc.connectors.catalogue.EarlyName;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.StartPoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which collections belong to the task. A collection is its id, so it stays what it is once,
 * whatever it is called later: what existed when the task was made, by its name at that time; what
 * is younger, by the name that it was created with. A collection that is renamed out of the
 * selection goes on being replicated, and one that is renamed into it isn't replicated from its
 * middle.
 *
 * <p>The writers and the metadata worker ask for themselves. They come to the same answer, also
 * after a restart, because it depends only on what was fixed when the task was made and on etcd's
 * history. Where Milvus has forgotten that history, a collection that has a copy at the target
 * belongs to the task, and for others the oldest name that is known counts.
 *
 * <p>Of a start point that was made anew for a job that goes on, the names are of today. There,
 * too, a collection that has a copy at the target goes on being replicated; one without is a member
 * if it's selected by today's name and the one that it was created with. Used by one thread.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Selection selection;
    private final StartPoint start;
    private final History history;
    private final LongPredicate hasCopy;
    private final Map<Long, Boolean> decided = new HashMap<>();

    /** What etcd still knows of a collection's former names. */
    @FunctionalInterface
    interface History {
        /** As {@link CollectionLookup#earliestName}. */
        Optional<EarlyName> earliestName(long collectionId) throws IOException;
    }

    /**
     * Decides by these rules.
     *
     * @param hasCopy whether the target has a collection with this create ts
     */
    Membership(Selection selection, StartPoint start, History history, LongPredicate hasCopy) {
        this.selection = selection;
        this.start = start;
        this.history = history;
        this.hasCopy = hasCopy;
    }

    /** The decision on a collection, if there is one already; asks nobody. */
    Optional<Boolean> known(long collectionId) {
        if (selection.coversEverything()) {
            return Optional.of(true);
        }
        Optional<Boolean> atStart =
                start.replanned() ? Optional.empty() : start.selected(collectionId);
        return atStart.isPresent() ? atStart : Optional.ofNullable(decided.get(collectionId));
    }

    /**
     * Whether a collection belongs to the task; etcd and the target are asked once per collection.
     */
    boolean includes(SourceCollection collection) throws IOException {
        Optional<Boolean> known = known(collection.id());
        if (known.isPresent()) {
            return known.get();
        }
        boolean included = decide(collection);
        decided.put(collection.id(), included);
        return included;
    }

    private boolean decide(SourceCollection collection) throws IOException {
        boolean now = selection.covers(collection.dbName(), collection.name());
        Optional<EarlyName> first = history.earliestName(collection.id());
        boolean then =
                first.map(name -> selection.covers(name.database(), name.collection())).orElse(now);
        boolean byCreation =
                first.map(name -> name.atCreation() && !name.database().isEmpty()).orElse(false);
        Optional<Boolean> today = start.selected(collection.id());
        if (today.equals(Optional.of(false))) {
            // renamed out of the selection since, or never in it, which may have an old copy
            return (then || !byCreation) && hasCopy.test(collection.createTs());
        }
        if (then || ((!byCreation || today.isPresent()) && hasCopy.test(collection.createTs()))) {
            return true;
        }
        if (now && byCreation) {
            LOG.warn(
                    "Collection {}.{} (source id {}) was created as {}.{} and renamed into the task's selection: it isn't replicated",
                    collection.dbName(),
                    collection.name(),
                    collection.id(),
                    first.get().database(),
                    first.get().collection());
        }
        return false;
    }
}

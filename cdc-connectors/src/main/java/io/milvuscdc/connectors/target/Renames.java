// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Gives copies the names that their originals have by now. Names may move in chains and in circles;
 * a circle is opened by a temporary name.
 */
final class Renames {

    private final TargetClient client;
    private final TargetDirectory directory;
    private final MetadataReconciler.SourceView view;
    private final AppliedChanges applied;

    Renames(
            TargetClient client,
            TargetDirectory directory,
            MetadataReconciler.SourceView view,
            AppliedChanges applied) {
        this.client = client;
        this.directory = directory;
        this.view = view;
        this.applied = applied;
    }

    /**
     * Renames what can be renamed.
     *
     * @param live all source collections: any may stand in another's way
     * @param pending gets what can't
     */
    void run(Collection<SourceCollection> live, PendingWork pending) {
        List<SourceCollection> moving = new ArrayList<>(live.stream().filter(this::moves).toList());
        while (!moving.isEmpty()) {
            boolean moved = moving.removeIf(c -> tryMove(c, pending));
            if (!moved && !openCircle(moving)) {
                moving.forEach(c -> pending.waits(c, taken(c)));
                return;
            }
        }
    }

    private boolean moves(SourceCollection source) {
        return directory
                .listed(source.createTs())
                .filter(at -> !at.db().equals(source.dbName()) || !at.name().equals(source.name()))
                .isPresent();
    }

    /** Returns whether there's nothing more to do for it in this run. */
    private boolean tryMove(SourceCollection source, PendingWork pending) {
        if (directory.byName(source.dbName(), source.name()).isPresent()) {
            return false;
        }
        Optional<TargetListing> listed = directory.listed(source.createTs());
        if (listed.isEmpty() || view.isDropped(source.id())) {
            // the listing is read again after each rename, and drops go on meanwhile
            return true;
        }
        TargetListing at = listed.get();
        try {
            rename(at, source.dbName(), source.name());
            applied.add(
                    source,
                    "renamed collection "
                            + at.fullName()
                            + " to "
                            + source.dbName()
                            + "."
                            + source.name());
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            pending.failed(source, e.getMessage());
        }
        return true;
    }

    private boolean openCircle(List<SourceCollection> moving) {
        for (SourceCollection source : moving) {
            Optional<TargetListing> holder = directory.byName(source.dbName(), source.name());
            boolean holderMoves =
                    holder.isPresent()
                            && moving.stream()
                                    .map(m -> directory.listed(m.createTs()))
                                    .anyMatch(holder::equals);
            if (holderMoves) {
                TargetListing in = holder.orElseThrow();
                rename(in, in.db(), "cdc_moving_" + in.createdTs());
                return true;
            }
        }
        return false;
    }

    private void rename(TargetListing at, String db, String name) {
        if (!at.db().equals(db)) {
            client.ensureDatabase(db);
            // 2.3.5 moves no collection that has aliases; they are made again afterwards
            client.describe(at.db(), at.name())
                    .ifPresent(
                            c ->
                                    client.aliases(c)
                                            .forEach(alias -> client.dropAlias(at.db(), alias)));
        }
        client.rename(at.db(), at.name(), db, name);
        directory.refresh();
    }

    private String taken(SourceCollection source) {
        return "its name is taken at the target, its copy is still "
                + directory.listed(source.createTs()).map(TargetListing::fullName).orElse("");
    }
}

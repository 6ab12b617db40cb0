// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.LoadState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceLoad;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what's loaded of one copy equal to its original's, when it's its turn; doesn't wait until
 * it's loaded, which on a standby takes a time tick. Used by one thread.
 */
final class LoadAligner {

    private static final Logger LOG = LoggerFactory.getLogger(LoadAligner.class);

    private final TargetClient client;
    private final LoadTurns turns;
    private final LoadStates states;

    LoadAligner(TargetClient client, LoadTurns turns) {
        this.client = client;
        this.turns = turns;
        this.states = new LoadStates(client);
    }

    void align(
            SourceCollection source,
            TargetCollection copy,
            Leftovers left,
            AppliedChanges applied) {
        Optional<LoadState> state = states.of(copy);
        boolean loaded = state.filter(LoadStates::isLoaded).isPresent();
        if (state.equals(Optional.of(LoadState.LoadStateLoading))) {
            turns.seenLoading(copy);
        }
        if (source.load().isEmpty()) {
            if (loaded || state.isEmpty()) {
                client.releaseCollection(copy.db(), copy.name());
                applied.add(source, "released collection " + copy.fullName());
            }
            return;
        }
        if (!loaded) {
            // more partitions of one that has loaded ones bring no new readers
            Optional<String> waits = turns.waitsFor(copy);
            if (waits.isPresent()) {
                left.waitsForTurn(waits.get());
                return;
            }
            turns.begin(copy);
        }
        SourceLoad load = source.load().get();
        if (load.wholeCollection() && !loaded) {
            withReplicas(
                    copy,
                    load.replicas(),
                    replicas -> client.loadCollection(copy.db(), copy.name(), replicas));
            applied.add(source, "started to load collection " + copy.fullName());
        }
        partitions(source, copy, load, applied);
    }

    private void partitions(
            SourceCollection source,
            TargetCollection copy,
            SourceLoad load,
            AppliedChanges applied) {
        List<String> wanted = new ArrayList<>();
        List<String> unwanted = new ArrayList<>();
        Set<String> there = client.partitions(copy.db(), copy.name()).keySet();
        for (SourcePartition partition : source.partitions()) {
            if (there.contains(partition.name())) {
                (isWanted(load, partition) ? wanted : unwanted).add(partition.name());
            }
        }
        // asked for together first: mostly all are loaded
        if (!wanted.isEmpty() && !states.isLoaded(copy, wanted)) {
            List<String> missing =
                    wanted.stream().filter(name -> !states.isLoaded(copy, List.of(name))).toList();
            withReplicas(
                    copy,
                    load.replicas(),
                    replicas -> client.loadPartitions(copy.db(), copy.name(), missing, replicas));
            applied.add(source, "started to load partitions " + missing + " of " + copy.fullName());
        }
        List<String> surplus =
                unwanted.stream().filter(name -> states.mayBeLoaded(copy, List.of(name))).toList();
        if (!surplus.isEmpty()) {
            client.releasePartitions(copy.db(), copy.name(), surplus);
            applied.add(source, "released partitions " + surplus + " of " + copy.fullName());
        }
    }

    private static boolean isWanted(SourceLoad load, SourcePartition partition) {
        // Milvus before 2.3 lists no partitions of a collection that's loaded as a whole
        return load.partitionIds().contains(partition.id())
                || (load.wholeCollection() && load.partitionIds().isEmpty());
    }

    /** A target with fewer query nodes than the source loads one replica. */
    private static void withReplicas(TargetCollection copy, int replicas, IntConsumer loading) {
        try {
            loading.accept(Math.max(1, replicas));
        } catch (TargetException e) {
            if (replicas <= 1 || !StatusClassifier.isTooFewNodes(e)) {
                throw e;
            }
            LOG.warn(
                    "Target collection {} is loaded with 1 replica instead of {}: {}",
                    copy.fullName(),
                    replicas,
                    e.getMessage());
            loading.accept(1);
        }
    }
}

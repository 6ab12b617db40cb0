// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a new task starts to read. Fixed once and stored with the task, so that a crash before the
 * first checkpoint loses nothing.
 */
public final class StartPositions {

    private StartPositions() {}

    /**
     * Blocks for some seconds at most.
     *
     * @return a channel that doesn't exist yet is not in it and will be read from its beginning
     * @throws IOException in words, when etcd or the broker doesn't answer, or a position isn't the
     *     source's or can't be read from any more
     */
    public static StartPoint resolve(EtcdConfig etcd, SourceChannels channels, StartRequest request)
            throws IOException {
        return plan(etcd, channels, (plan, asked, broker) -> plan.of(asked), request);
    }

    /**
     * For a job that asks anew at every start, also when it's restored: a collection without a
     * position of its own begins where its channels do. Otherwise as {@link #resolve}.
     */
    static StartPoint resolveUnkept(EtcdConfig etcd, SourceChannels channels, StartRequest request)
            throws IOException {
        return plan(etcd, channels, (plan, asked, broker) -> plan.ofUnkept(asked), request);
    }

    /**
     * Where a task goes on that another program has run until now, tick by tick; positions of
     * collections that are gone since are no error. Of a position's timestamp only counts whether
     * it is 0: then nothing was handled there yet. Otherwise as {@link #resolve}.
     */
    public static StartPoint resume(EtcdConfig etcd, SourceChannels channels, StartRequest request)
            throws IOException {
        return plan(
                etcd,
                channels,
                (plan, asked, broker) -> plan.resumed(asked, broker::tickFrom),
                request);
    }

    /** A way to make a plan. */
    private interface Planner {
        StartPoint plan(StartPlan plan, StartRequest request, ChannelEnds broker)
                throws IOException;
    }

    private static StartPoint plan(
            EtcdConfig etcd, SourceChannels channels, Planner planner, StartRequest request)
            throws IOException {
        try (ChannelEnds broker = channels.queue().ends(channels)) {
            Map<String, MqPosition> begins = broker.begins();
            Map<String, MqPosition> ends = broker.ends();
            if (needsNoCollections(request)) {
                return new StartPoint(ends, Map.of());
            }
            // after the ends, so that a collection made in between lies behind them
            try (SourceCatalogue catalogue = SourceCatalogue.open(etcd)) {
                return planner.plan(
                        new StartPlan(channels, begins, ends, catalogue.collections()),
                        request,
                        broker);
            }
        }
    }

    /**
     * Begins every channel at a Kafka offset that the user knows.
     *
     * @throws IOException in words, when etcd doesn't answer; it's asked which collections exist
     *     unless all are selected
     */
    static StartPoint atOffsets(EtcdConfig etcd, Selection selection, Map<String, Long> offsets)
            throws IOException {
        StartPoint channels = StartPoint.ofKafkaOffsets(offsets);
        if (selection.coversEverything()) {
            return channels;
        }
        Map<Long, Map<String, MqPosition>> collections = new HashMap<>();
        try (SourceCatalogue catalogue = SourceCatalogue.open(etcd)) {
            for (SourceCollection collection : catalogue.collections()) {
                Map<String, MqPosition> starts = new HashMap<>();
                if (selection.covers(collection.dbName(), collection.name())) {
                    for (String pchannel : collection.pchannels()) {
                        starts.put(
                                pchannel,
                                channels.channels().getOrDefault(pchannel, new MqPosition(0, 0)));
                    }
                }
                collections.put(collection.id(), starts);
            }
        }
        return new StartPoint(channels.channels(), collections);
    }

    private static boolean needsNoCollections(StartRequest request) {
        return request.selection().coversEverything()
                && request.fromCollectionStart().isEmpty()
                && request.positions().isEmpty()
                && request.operations().isEmpty();
    }
}

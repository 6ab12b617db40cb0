// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.api.Finding;
import io.milvuscdc.control.api.Preflight;
import io.milvuscdc.control.config.SourceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the real servers: the target, the source's etcd and its message queue. */
public final class Inspection implements Preflight {

    private static final String QUEUE = "queue";

    private final SourceSettings source;

    public Inspection(SourceSettings source) {
        this.source = source;
    }

    @Override
    public List<Finding> obstacles(TargetConfig config, ReplicationScope scope) {
        TargetInspection target = new TargetInspection(config);
        List<Finding> findings = new ArrayList<>(target.reach());
        Optional<List<SourceCollection>> live = live(scope, findings);
        if (live.isPresent()) {
            if (findings.get(0).ok()) {
                findings.add(target.schemas(scope, live.get()));
            }
            findings.add(VersionRule.ofSource(source.etcd()));
        }
        try (ChannelEnds broker = source.channels().queue().ends(source.channels())) {
            findings.add(
                    new QueueInspection(source.channels(), broker)
                            .channels(live.orElse(List.of())));
        } catch (IOException e) {
            findings.add(unreadable(e));
        }
        return findings;
    }

    @Override
    public List<Finding> advice(TargetConfig config) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Clocks clocks = new Clocks();
        try (ChannelEnds broker = source.channels().queue().ends(source.channels())) {
            QueueInspection queue = new QueueInspection(source.channels(), broker);
            findings.add(queue.replicateChannel());
            findings.add(queue.retention());
            findings.add(queue.ticks(clocks));
        } catch (IOException e) {
            findings.add(unreadable(e));
        }
        new TargetInspection(config).readClock(clocks);
        findings.add(clocks.compare());
        return findings;
    }

    /** Empty when etcd can't be read. */
    private Optional<List<SourceCollection>> live(ReplicationScope scope, List<Finding> findings) {
        try (SourceCatalogue catalogue = SourceCatalogue.open(source.etcd())) {
            List<SourceCollection> live = catalogue.collections();
            long selected =
                    live.stream()
                            .filter(c -> scope.selection().covers(c.dbName(), c.name()))
                            .count();
            findings.add(
                    Finding.well(
                            "etcd",
                            "%s holds %d databases and %d collections, %d of them selected"
                                    .formatted(
                                            source.etcd().endpoints(),
                                            catalogue.databases().size(),
                                            live.size(),
                                            selected)));
            return Optional.of(live);
        } catch (IOException e) {
            findings.add(
                    Finding.broken(
                            "etcd",
                            e.getMessage(),
                            "correct sourceConfig.etcd: the etcd that the source Milvus uses, its"
                                    + " rootPath and metaSubPath"));
            return Optional.empty();
        }
    }

    private static Finding unreadable(IOException e) {
        return Finding.broken(
                QUEUE,
                e.getMessage(),
                "correct sourceConfig: the message queue that the source Milvus writes to, its"
                        + " address and login");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.api.StartFinder;
import io.milvuscdc.control.config.SourceSettings;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;

/**
 * Finds where a task starts once the source's queue keeps everything for it: between here and the
 * start of its job a Pulsar could remove the position.
 */
final class HeldStarts implements StartFinder {

    private final SourceSettings source;
    private final Positions positions;

    /** A way to find a start. */
    @FunctionalInterface
    interface Positions {
        StartPoint find(EtcdConfig etcd, SourceChannels channels, StartRequest request)
                throws IOException;
    }

    HeldStarts(SourceSettings source, Positions positions) {
        this.source = source;
        this.positions = positions;
    }

    @Override
    public StartPoint resolve(String taskId, StartRequest request) throws IOException {
        source.channels().queue().hold(source.channels(), taskId);
        return positions.find(source.etcd(), source.channels(), request);
    }

    @Override
    public void abandon(String taskId) throws IOException {
        source.channels().queue().release(source.channels(), taskId);
    }
}

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
 * start of its job a Pulsar could remove the position. Until there's the task, that's kept under a
 * name of its own: a job that was started by hand may have the task's, and must not lose what is
 * kept for it when the task isn't made after all.
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
        source.channels().queue().hold(source.channels(), untilMade(taskId));
        return positions.find(source.etcd(), source.channels(), request);
    }

    @Override
    public void keep(String taskId) throws IOException {
        source.channels().queue().hold(source.channels(), taskId);
        abandon(taskId);
    }

    @Override
    public void abandon(String taskId) throws IOException {
        source.channels().queue().release(source.channels(), untilMade(taskId));
    }

    /** Lets go of all that's kept for a task that is gone, also what a halt of its create left. */
    void release(String taskId) throws IOException {
        source.channels().queue().release(source.channels(), taskId);
        abandon(taskId);
    }

    /** No task that is made here has a dot in its id. */
    private static String untilMade(String taskId) {
        return taskId + ".new";
    }
}

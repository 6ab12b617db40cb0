// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.SourceQueue;
import java.nio.file.Path;
import java.util.Map;

/** Servers, the built distribution and a task that replicates everything, to be measured. */
final class MeasuredReplication implements AutoCloseable {

    private final MilvusPair pair;
    private final ControlPlane plane;
    private final CdcClient cdc;
    private final String task;

    private MeasuredReplication(MilvusPair pair, ControlPlane plane, CdcClient cdc, String task) {
        this.pair = pair;
        this.plane = plane;
        this.cdc = cdc;
        this.task = task;
    }

    /**
     * Starts all of it.
     *
     * @param name of the directory below {@code target/servers}
     * @param checkpointInterval as in cdc.yaml
     * @param queue the source's
     */
    static MeasuredReplication start(String name, String checkpointInterval, SourceQueue queue) {
        Path directory = ServerDirectory.of(name);
        MilvusPair pair = MilvusPair.start(ServerCache.fetchFor(queue), directory, queue);
        ControlPlane plane =
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc"),
                        pair.source(),
                        Map.of("checkpointInterval", checkpointInterval),
                        Map.of());
        CdcClient cdc = new CdcClient(plane.apiUrl());
        String task = cdc.createForEverything(pair.target().uri(), false);
        return new MeasuredReplication(pair, plane, cdc, task);
    }

    MilvusPair pair() {
        return pair;
    }

    void pause() {
        cdc.pause(task);
    }

    void resume() {
        cdc.resume(task);
    }

    @Override
    public void close() {
        plane.close();
        pair.close();
    }
}

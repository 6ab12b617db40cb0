// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FlinkApi;
import io.milvuscdc.e2e.servers.ProcessStatus;
import java.io.IOException;
import java.util.List;

/** A running control plane with one task that replicates everything. */
final class Replication implements AutoCloseable {

    private final ControlPlane plane;
    private final CdcClient cdc;
    private final String task;

    private Replication(ControlPlane plane, CdcClient cdc, String task) {
        this.plane = plane;
        this.cdc = cdc;
        this.task = task;
    }

    /** Makes the task; the control plane belongs to it from then on. */
    static Replication start(ControlPlane plane, String targetUri) {
        try {
            CdcClient cdc = new CdcClient(plane.apiUrl());
            return new Replication(plane, cdc, cdc.createForEverything(targetUri, false));
        } catch (RuntimeException e) {
            plane.close();
            throw e;
        }
    }

    ControlPlane plane() {
        return plane;
    }

    /** Memory that the control plane, with the task's job in it, has at the moment. */
    double residentMebibytes() throws IOException {
        return new ProcessStatus(plane.process().pid()).residentBytes() / (double) (1 << 20);
    }

    /** How its checkpoints went since the task was made or resumed. */
    FlinkApi.Checkpoints checkpoints() throws IOException, InterruptedException {
        FlinkApi flink = new FlinkApi(plane.flinkUrl());
        List<String> jobs = flink.activeJobs();
        if (jobs.size() != 1) {
            throw new IllegalStateException("not one job, but " + jobs);
        }
        return flink.checkpoints(jobs.get(0));
    }

    void pause() {
        cdc.pause(task);
    }

    void resume() {
        cdc.resume(task);
    }

    /** Kills the control plane and starts it again; returns when its API answers. */
    void restart() {
        plane.restart();
    }

    /** Deletes the task and stops the control plane. */
    @Override
    public void close() {
        try {
            cdc.delete(task);
            plane.stop();
        } finally {
            plane.close();
        }
    }
}

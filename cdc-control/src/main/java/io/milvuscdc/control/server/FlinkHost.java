// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.EmbeddedFlink;
import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.cluster.JobDefiner;
import io.milvuscdc.control.cluster.SessionCluster;
import io.milvuscdc.control.config.FlinkSettings;
import io.milvuscdc.control.config.SessionSettings;
import io.milvuscdc.control.rest.FlinkRest;

/**
 * Where the jobs run.
 *
 * @param rest its REST API and web UI
 * @param inside whether it's a part of this process: its jobs end with it, and without it the
 *     process is of no use
 */
record FlinkHost(JobCluster cluster, FlinkRest rest, boolean inside) implements AutoCloseable {

    /** Starts the Flink inside, or gets ready for a session cluster, which needn't be there yet. */
    static FlinkHost open(FlinkSettings settings, JobDefiner definer)
            throws ClusterException, InterruptedException {
        if (settings.session().isPresent()) {
            return session(settings, settings.session().get());
        }
        EmbeddedFlink flink = EmbeddedFlink.start(settings, definer);
        return new FlinkHost(flink, new FlinkRest(flink.webUi()), true);
    }

    private static FlinkHost session(FlinkSettings settings, SessionSettings session)
            throws ClusterException {
        try {
            FlinkRest rest = new FlinkRest(session.address(), session.tls());
            SessionCluster cluster =
                    SessionCluster.connect(
                            rest,
                            settings.configDirectory(),
                            settings.dataDirectory(),
                            settings.jobJar());
            // what is wrong with it is told by the log at once
            cluster.isRunning();
            return new FlinkHost(cluster, rest, false);
        } catch (TlsException e) {
            throw new ClusterException(e.getMessage(), e);
        }
    }

    /** False when the process should end, to be started again. */
    boolean isOfUse() {
        return !inside || cluster.isRunning();
    }

    @Override
    public void close() throws ClusterException {
        if (cluster instanceof EmbeddedFlink embedded) {
            embedded.close();
        }
    }
}

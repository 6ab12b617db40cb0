// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.control.config.SessionSettings;
import io.milvuscdc.control.rest.FlinkRest;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Remembers in the data directory which session cluster the jobs run in, because they go on there
 * when the settings name another one or none, and would be started a second time.
 */
public final class JobHome {

    private static final String FILE = "session-cluster.url";

    private final Path file;

    public JobHome(Path dataDirectory) {
        this.file = dataDirectory.resolve(FILE);
    }

    /**
     * From now on jobs run here.
     *
     * @param session empty for the Flink inside the control plane
     * @param tasks all of them
     * @throws ClusterException one of them still runs where jobs ran until now, or may
     */
    public void moveTo(Optional<SessionSettings> session, List<Task> tasks)
            throws ClusterException, InterruptedException {
        try {
            String before = Files.exists(file) ? Files.readString(file).strip() : "";
            String now = session.map(settings -> settings.address().toString()).orElse("");
            if (before.equals(now)) {
                return;
            }
            if (!before.isEmpty()) {
                requireEnded(before, session, tasks);
            }
            if (now.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                Files.writeString(file, now + "\n");
            }
        } catch (IOException e) {
            throw new ClusterException("flink.dataDir can't be used: " + e, e);
        }
    }

    private void requireEnded(String before, Optional<SessionSettings> session, List<Task> tasks)
            throws ClusterException, InterruptedException {
        try {
            SessionJobs jobs = new SessionJobs(rest(URI.create(before), session));
            for (Task task : tasks) {
                if (task.run().isPresent()
                        && !task.run().get().over()
                        && !jobs.hasEnded(task.run().get().jobId())) {
                    throw new ClusterException(
                            "task "
                                    + task.id()
                                    + " still runs in the session cluster "
                                    + before
                                    + " and must not run twice: start with flink.mode: session and"
                                    + " flink.address: "
                                    + before
                                    + " once more and pause all tasks, then change the settings");
                }
            }
        } catch (IOException e) {
            throw new ClusterException(
                    "tasks have run in the session cluster "
                            + before
                            + ", which doesn't answer now, so that they may still run there: make it"
                            + " answer or, when it's gone for good, remove "
                            + file
                            + " ("
                            + e
                            + ")",
                    e);
        }
    }

    private static FlinkRest rest(URI address, Optional<SessionSettings> session)
            throws ClusterException {
        try {
            return session.isPresent()
                    ? new FlinkRest(address, session.get().tls())
                    : new FlinkRest(address);
        } catch (TlsException e) {
            throw new ClusterException(e.getMessage(), e);
        }
    }
}

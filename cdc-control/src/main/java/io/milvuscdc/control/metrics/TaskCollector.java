// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what there is to say of the tasks whenever it's asked: states from the store, progress
 * from checkpoints, and what the poller heard last of the jobs. Safe for use by several threads.
 */
public final class TaskCollector implements MultiCollector {

    private static final Logger LOG = LoggerFactory.getLogger(TaskCollector.class);
    private static final double MILLIS = 1000.0;

    private final TaskStore store;
    private final CommittedProgress progress;
    private final LagOrigin origin;
    private final JobPoller jobs;
    private final Clock clock;

    public TaskCollector(
            TaskStore store,
            CommittedProgress progress,
            LagOrigin origin,
            JobPoller jobs,
            Clock clock) {
        this.store = store;
        this.progress = progress;
        this.origin = origin;
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        TaskFamilies families = new TaskFamilies();
        try {
            List<Task> tasks =
                    store.list().stream()
                            .filter(task -> task.desired() != DesiredState.DELETED)
                            .toList();
            origin.keep(tasks.stream().map(Task::id).toList());
            families.states(tasks);
            tasks.forEach(task -> add(families, task));
            families.storeUp(store.isReachable());
        } catch (StoreException e) {
            LOG.warn("The metrics of the tasks can't be read: {}", e.getMessage());
            families.storeUp(false);
        }
        return families.snapshots();
    }

    private void add(TaskFamilies families, Task task) {
        long now = clock.millis();
        long visible = 0;
        OptionalLong lagFrom;
        try {
            CommittedPositions committed = progress.of(task);
            visible = committed.upToMillis();
            if (committed.tick() != 0) {
                families.committed(task.id(), committed);
                families.channels(task.id(), committed, now);
            }
            lagFrom = origin.of(task, committed);
            families.checkpointReadable(task.id(), true);
        } catch (IOException e) {
            LOG.warn("Task {}: its progress can't be read: {}", task.id(), e.getMessage());
            lagFrom = origin.unreadable(task);
            families.checkpointReadable(task.id(), false);
        }
        lagFrom.ifPresent(from -> families.lag(task.id(), (now - from) / MILLIS));
        Optional<JobNumbers> job = jobs.of(task.id());
        if (job.isPresent()) {
            families.job(task.id(), job.get(), now);
            families.collections(task.id(), job.get(), visible, lagFrom, now);
        }
    }

    /** The old tool's number for a state. */
    static int number(DesiredState state) {
        return state == DesiredState.RUNNING ? 1 : 2;
    }

    /** The physical part of a tso. */
    static long millis(long tso) {
        return Tso.physicalMillis(tso);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.control.metrics.JobNumbers;
import io.milvuscdc.control.metrics.JobNumbers.CollectionCount;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Puts together what the status page shows. No login is in it. Safe for use by several threads. */
final class StatusReport {

    private static final double TENTHS = 10;
    private static final double THOUSANDTHS = 1000;

    private final TaskStore store;
    private final TaskWatch watch;
    private final String flinkUi;

    /**
     * A report of the store's tasks.
     *
     * @param flinkUi where Flink's web UI is
     */
    StatusReport(TaskStore store, TaskWatch watch, URI flinkUi) {
        this.store = store;
        this.watch = watch;
        this.flinkUi = withoutLogin(flinkUi);
    }

    private static String withoutLogin(URI uri) {
        String login = uri.getRawUserInfo();
        String text = login == null ? uri.toString() : uri.toString().replace(login + "@", "");
        return text.replaceFirst("/+$", "");
    }

    /** The tasks as they are now, ordered by id. */
    StatusView now() throws StoreException {
        List<StatusView.TaskStatus> tasks = new ArrayList<>();
        for (Task task : store.list()) {
            if (task.desired() != DesiredState.DELETED) {
                tasks.add(status(task));
            }
        }
        return new StatusView(watch.now(), flinkUi, tasks);
    }

    private StatusView.TaskStatus status(Task task) {
        TaskWatch.Seen seen = watch.of(task.id());
        boolean running = task.desired() == DesiredState.RUNNING;
        Optional<JobNumbers> job = running ? watch.job(task.id()) : Optional.empty();
        String jobId = task.run().map(JobRun::jobId).orElse(null);
        return new StatusView.TaskStatus(
                task.id(),
                task.desired().label(),
                task.reason(),
                target(task),
                seen.lagFrom().isPresent()
                        ? rounded(watch.lagSeconds(seen.lagFrom().getAsLong()), THOUSANDTHS)
                        : null,
                orNull(seen.committed().upToMillis()),
                rate(running ? seen.rowsPerSecond() : OptionalDouble.empty()),
                seen.unreadable(),
                jobId,
                jobId == null ? null : flinkUi + "/#/job/running/" + jobId + "/overview",
                job.map(StatusReport::job).orElse(null),
                channels(seen),
                job.map(StatusReport::collections).orElse(List.of()),
                history(seen.points()));
    }

    private static String target(Task task) {
        try {
            return task.target().address();
        } catch (IllegalArgumentException e) {
            // taken over from a Go tool that let it through; it may hold a login
            return "";
        }
    }

    private static StatusView.JobStatus job(JobNumbers job) {
        return new StatusView.JobStatus(
                job.atMillis(),
                Math.round(TaskWatch.sent(job)),
                job.restarts(),
                orNull(job.checkpoints().completedMillis()),
                job.checkpoints().failed());
    }

    private static List<StatusView.ChannelStatus> channels(TaskWatch.Seen seen) {
        List<StatusView.ChannelStatus> channels = new ArrayList<>();
        seen.committed()
                .readTicks()
                .forEach(
                        (channel, tick) ->
                                channels.add(
                                        new StatusView.ChannelStatus(
                                                channel, Tso.physicalMillis(tick))));
        return channels;
    }

    private static List<StatusView.CollectionStatus> collections(JobNumbers job) {
        Map<Long, List<Map.Entry<CollectionCount, Double>>> byId = new TreeMap<>();
        for (Map.Entry<CollectionCount, Double> entry : job.collections().entrySet()) {
            byId.computeIfAbsent(entry.getKey().id(), id -> new ArrayList<>()).add(entry);
        }
        List<StatusView.CollectionStatus> collections = new ArrayList<>();
        byId.forEach((id, counts) -> collections.add(collection(id, counts)));
        collections.sort(Comparator.comparing(StatusView.CollectionStatus::name));
        return collections;
    }

    private static StatusView.CollectionStatus collection(
            long id, List<Map.Entry<CollectionCount, Double>> counts) {
        return new StatusView.CollectionStatus(
                id,
                counts.get(0).getKey().name(),
                rows(counts, "insert", "read"),
                rows(counts, "insert", "write"),
                rows(counts, "delete", "read"),
                rows(counts, "delete", "write"));
    }

    private static long rows(
            List<Map.Entry<CollectionCount, Double>> counts, String api, String operation) {
        return Math.round(
                counts.stream()
                        .filter(count -> count.getKey().api().equals(api))
                        .filter(count -> count.getKey().operation().equals(operation))
                        .mapToDouble(Map.Entry::getValue)
                        .sum());
    }

    private static StatusView.HistoryStatus history(List<TaskHistory.Point> points) {
        List<Long> times = new ArrayList<>();
        List<Double> lags = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        for (TaskHistory.Point point : points) {
            times.add(point.atMillis());
            lags.add(rounded(point.lagSeconds(), THOUSANDTHS));
            rates.add(rounded(point.rowsPerSecond(), TENTHS));
        }
        return new StatusView.HistoryStatus(times, lags, rates);
    }

    private static Double rate(OptionalDouble rate) {
        return rate.isPresent() ? rounded(rate.getAsDouble(), TENTHS) : null;
    }

    private static Double rounded(Double value, double parts) {
        return value == null ? null : Math.round(value * parts) / parts;
    }

    private static Long orNull(long millis) {
        return millis == 0 ? null : millis;
    }
}

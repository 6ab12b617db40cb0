// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.control.metrics.JobNumbers;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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
                job.map(numbers -> numbers.collections().size()).orElse(0),
                job.map(numbers -> CollectionReport.of(numbers, seen, watch.now()))
                        .orElse(List.of()),
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

    private List<StatusView.ChannelStatus> channels(TaskWatch.Seen seen) {
        List<StatusView.ChannelStatus> channels = new ArrayList<>();
        long upTo = seen.committed().upToMillis();
        seen.committed()
                .readTicks()
                .forEach(
                        (channel, tick) -> {
                            long read = Tso.physicalMillis(tick);
                            channels.add(
                                    new StatusView.ChannelStatus(
                                            channel,
                                            read,
                                            // without ticks, and read as far as is committed
                                            rounded(
                                                    watch.lagSeconds(Math.max(read, upTo)),
                                                    THOUSANDTHS)));
                        });
        return channels;
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

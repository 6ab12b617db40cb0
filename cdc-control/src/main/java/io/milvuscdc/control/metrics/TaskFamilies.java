// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import static io.milvuscdc.control.metrics.Family.Kind.COUNTER;
import static io.milvuscdc.control.metrics.Family.Kind.GAUGE;
import static io.milvuscdc.control.metrics.Family.Kind.UNTYPED;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The metrics of tasks, with their names: first the old tool's, as dashboards know them, then ours.
 * Made for one answer and filled by one thread.
 */
final class TaskFamilies {

    private static final String TASK = "task_id";
    private static final double MILLIS = 1000.0;

    private final List<Family> all = new ArrayList<>();

    private final Family number =
            family(GAUGE, "milvus_cdc_task_num", "Tasks in a state (Initial, Running, Paused).");
    private final Family state =
            family(GAUGE, "milvus_cdc_task_state", "A task's state: 1 Running, 2 Paused.");
    private final Family tt =
            family(
                    GAUGE,
                    "milvus_cdc_replicate_tt",
                    "Milliseconds since 1970: the last tick read from a source pchannel (read), and the last one that is committed at the target (write).");
    private final Family centre =
            family(
                    GAUGE,
                    "milvus_cdc_center_tt",
                    "Milliseconds since 1970: the last tick committed in a target pchannel.");
    private final Family size =
            family(
                    UNTYPED,
                    "milvus_cdc_replicate_data_size",
                    "Bytes of messages read from a source pchannel, or sent (write), since the job was started. A counter.");
    private final Family count =
            family(
                    UNTYPED,
                    "milvus_cdc_replicate_data_cnt",
                    "Rows of a source collection that were read, or sent (write), since the job was started. A counter. Collections beyond the first 500 of a job are counted together, as collection 0.");
    private final Family collectionBytes =
            family(
                    COUNTER,
                    "milvus_cdc_collection_bytes_sent",
                    "Bytes of messages with rows of a source collection that were sent, since the job was started.");
    private final Family collectionLastRow =
            family(
                    GAUGE,
                    "milvus_cdc_collection_last_row_seconds",
                    "Seconds since 1970, by the source's clock: the last row of a collection that was read.");
    private final Family collectionLag =
            family(
                    GAUGE,
                    "milvus_cdc_collection_lag_seconds",
                    "How far a collection is behind: as far as its task, or 0 when the task is at most 15 s behind and no row of the collection is known that isn't visible.");
    private final Family collectionWaiting =
            family(
                    GAUGE,
                    "milvus_cdc_collection_waiting_seconds",
                    "Age of the first row (or drop) of a collection that waits for its place at the target; 0 when none waits.");
    private final Family channelLag =
            family(
                    GAUGE,
                    "milvus_cdc_channel_lag_seconds",
                    "Now minus the moment up to which a source pchannel is read to, as the newest checkpoint says.");
    private final Family channelSentAgain =
            family(
                    COUNTER,
                    "milvus_cdc_channel_requests_sent_again",
                    "Requests with rows that a target pchannel didn't take and that were sent again.");
    private final Family calls =
            family(
                    COUNTER,
                    "milvus_cdc_api_execute",
                    "Calls that the target carried out, by their names in its API, since the job was started; what only asks isn't counted.");
    private final Family lag =
            family(
                    GAUGE,
                    "milvus_cdc_task_lag_seconds",
                    "Now minus the last committed tick, as the newest checkpoint says: grows while anything hangs, and goes on over a restart. Of a source without collections, time since it was found to be read to its end. Before the first commit, the time that it's waited for.");
    private final Family committed =
            family(
                    GAUGE,
                    "milvus_cdc_task_committed_tick_seconds",
                    "Seconds since 1970: everything up to here is visible at the target.");
    private final Family readable =
            family(
                    GAUGE,
                    "milvus_cdc_task_checkpoint_readable",
                    "0 when the newest checkpoint of the task is gone or can't be read.");
    private final Family byItself =
            family(
                    GAUGE,
                    "milvus_cdc_task_paused_by_itself",
                    "1 when the task is paused though nobody has asked for it.");
    private final Family storeUp =
            family(GAUGE, "milvus_cdc_store_up", "0 when the task store doesn't answer.");
    private final Family age =
            family(
                    GAUGE,
                    "milvus_cdc_task_job_metrics_age_seconds",
                    "How old the numbers that come from the task's Flink job are.");
    private final Family restarts =
            family(
                    COUNTER,
                    "milvus_cdc_task_restarts",
                    "How often Flink has restarted the task's job after a fault.");
    private final Family completed =
            family(COUNTER, "milvus_cdc_task_checkpoints_completed", "Complete checkpoints.");
    private final Family failed =
            family(COUNTER, "milvus_cdc_task_checkpoints_failed", "Checkpoints that failed.");
    private final Family duration =
            family(
                    GAUGE,
                    "milvus_cdc_task_checkpoint_duration_seconds",
                    "How long the newest complete checkpoint took.");
    private final Family checkpointAge =
            family(
                    GAUGE,
                    "milvus_cdc_task_checkpoint_age_seconds",
                    "Time since the newest checkpoint was complete.");

    /** By the metric's name in Flink. */
    private final Map<String, Family> totals = new LinkedHashMap<>();

    TaskFamilies() {
        totals.put(
                "numRecordsSend",
                family(COUNTER, "milvus_cdc_task_rows_sent", "Rows that were sent."));
        totals.put(
                "numBytesSend",
                family(COUNTER, "milvus_cdc_task_bytes_sent", "Bytes of messages with rows sent."));
        totals.put(
                "rowsOfDroppedCollections",
                family(
                        COUNTER,
                        "milvus_cdc_task_rows_of_dropped_collections",
                        "Rows that weren't sent as their collection or partition has been dropped."));
        totals.put(
                "rowsOutsideSelection",
                family(
                        COUNTER,
                        "milvus_cdc_task_rows_outside_selection",
                        "Rows that weren't sent as the task doesn't select their collection."));
        totals.put(
                "rowsBeforeStart",
                family(
                        COUNTER,
                        "milvus_cdc_task_rows_before_start",
                        "Rows that weren't sent as they lie before their collection's start."));
        totals.put(
                "rowsDoneBefore",
                family(
                        COUNTER,
                        "milvus_cdc_task_rows_done_before",
                        "Rows that weren't sent as the position that the task began with says that the target has them."));
        totals.put(
                "unknownMessages",
                family(
                        COUNTER,
                        "milvus_cdc_task_unknown_messages",
                        "Messages of a type that isn't replicated."));
        totals.put(
                "waitingBytes",
                family(
                        GAUGE,
                        "milvus_cdc_task_waiting_bytes",
                        "Bytes of rows that wait for an older collection or partition to be dropped."));
        totals.put(
                "unacknowledgedBytes",
                family(
                        GAUGE,
                        "milvus_cdc_task_unacknowledged_bytes",
                        "Bytes of rows that the target hasn't acknowledged yet."));
        totals.put(
                "requestsSentAgain",
                family(
                        COUNTER,
                        "milvus_cdc_task_requests_sent_again",
                        "Requests with rows that the target didn't take and that were sent again."));
        totals.put(
                "pendingRecords",
                family(
                        GAUGE,
                        "milvus_cdc_task_pending_records",
                        "Messages in the source's queue that weren't read yet, time ticks included."));
    }

    private Family family(Family.Kind kind, String name, String help) {
        Family family = new Family(kind, name, help);
        all.add(family);
        return family;
    }

    void states(List<Task> tasks) {
        long running = tasks.stream().filter(t -> t.desired() == DesiredState.RUNNING).count();
        number.set(0, "task_state", "Initial");
        number.set(running, "task_state", "Running");
        number.set(tasks.size() - running, "task_state", "Paused");
        tasks.forEach(task -> state.set(TaskCollector.number(task.desired()), TASK, task.id()));
        tasks.forEach(task -> byItself.set(task.pausedByItself() ? 1 : 0, TASK, task.id()));
    }

    void storeUp(boolean up) {
        storeUp.set(up ? 1 : 0);
    }

    void checkpointReadable(String task, boolean ok) {
        readable.set(ok ? 1 : 0, TASK, task);
    }

    void lag(String task, double seconds) {
        lag.set(Math.max(0, seconds), TASK, task);
    }

    /** How far each source channel is behind: one that has no ticks is read as far as committed. */
    void channels(String task, CommittedPositions positions, long nowMillis) {
        positions
                .readTicks()
                .forEach(
                        (channel, tick) -> {
                            long upTo =
                                    Math.max(TaskCollector.millis(tick), positions.upToMillis());
                            channelLag.set(
                                    Math.max(0, nowMillis - upTo) / MILLIS,
                                    TASK,
                                    task,
                                    "channel_name",
                                    channel);
                        });
    }

    void committed(String task, CommittedPositions positions) {
        committed.set(positions.tickMillis() / MILLIS, TASK, task);
        positions
                .readTicks()
                .forEach(
                        (channel, tick) -> {
                            tt(task, channel, "read", TaskCollector.millis(tick));
                            tt(task, channel, "write", positions.tickMillis());
                        });
        positions
                .targetPchannels()
                .forEach(
                        channel ->
                                centre.set(
                                        positions.tickMillis(),
                                        TASK,
                                        task,
                                        "channel_name",
                                        channel));
    }

    private void tt(String task, String channel, String operation, long millis) {
        tt.set(millis, TASK, task, "vchannel_name", channel, "op_type", operation);
    }

    void job(String task, JobNumbers job, long nowMillis) {
        age.set((nowMillis - job.atMillis()) / MILLIS, TASK, task);
        restarts.set(job.restarts(), TASK, task);
        completed.set(job.checkpoints().completed(), TASK, task);
        failed.set(job.checkpoints().failed(), TASK, task);
        if (job.checkpoints().completedMillis() > 0) {
            duration.set(job.checkpoints().durationMillis() / MILLIS, TASK, task);
            checkpointAge.set(
                    Math.max(0, nowMillis - job.checkpoints().completedMillis()) / MILLIS,
                    TASK,
                    task);
        }
        totals.forEach(
                (inFlink, family) -> {
                    Double value = job.totals().get(inFlink);
                    if (value != null) {
                        family.set(value, TASK, task);
                    }
                });
        job.apiCalls().forEach((name, sum) -> calls.set(sum, TASK, task, "api_type", name));
        job.channels()
                .forEach(
                        (of, bytes) ->
                                size.set(
                                        bytes,
                                        TASK,
                                        task,
                                        "vchannel_name",
                                        of.pchannel(),
                                        "op_type",
                                        of.operation(),
                                        "msg_type",
                                        of.messageType()));
        job.sentAgain()
                .forEach(
                        (channel, sum) ->
                                channelSentAgain.set(sum, TASK, task, "channel_name", channel));
        for (CollectionNumbers of : job.collections().values()) {
            count(task, of, "read", "insert", of.insertsRead());
            count(task, of, "write", "insert", of.insertsSent());
            count(task, of, "read", "delete", of.deletesRead());
            count(task, of, "write", "delete", of.deletesSent());
        }
    }

    private void count(String task, CollectionNumbers of, String operation, String api, long rows) {
        count.set(
                rows,
                TASK,
                task,
                "collection_id",
                Long.toString(of.id()),
                "collection_name",
                of.name(),
                "op_type",
                operation,
                "api_type",
                api);
    }

    /**
     * How far the collections are.
     *
     * @param visibleMillis as {@link CollectionLag#seconds} takes it
     * @param lagFrom as the task's lag
     */
    void collections(
            String task, JobNumbers job, long visibleMillis, OptionalLong lagFrom, long nowMillis) {
        for (CollectionNumbers of : job.collections().values()) {
            String[] labels = {
                TASK,
                task,
                "database",
                of.database(),
                "collection_id",
                Long.toString(of.id()),
                "collection_name",
                of.name()
            };
            collectionBytes.set(of.bytesSent(), labels);
            if (of.lastRowMillis() > 0) {
                collectionLastRow.set(of.lastRowMillis() / MILLIS, labels);
            }
            collectionWaiting.set(
                    of.waits() ? Math.max(0, nowMillis - of.waitingFromMillis()) / MILLIS : 0,
                    labels);
            CollectionLag.seconds(of, job.atMillis(), visibleMillis, lagFrom, nowMillis)
                    .ifPresent(seconds -> collectionLag.set(seconds, labels));
        }
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        all.forEach(family -> snapshots.metricSnapshot(family.snapshot()));
        return snapshots.build();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Flink said of a task's job at one moment. The counts begin anew with each job, and with each
 * restart of a job by Flink.
 *
 * @param atMillis when it was asked, milliseconds since 1970
 * @param totals our sink's metrics by their names in Flink
 * @param channels rows and bytes by source pchannel
 * @param sentAgain by target pchannel, requests that weren't taken
 * @param collections by source collection's id, without what is dropped
 * @param apiCalls calls that have changed the target, by their names in its API
 */
public record JobNumbers(
        long atMillis,
        long restarts,
        Checkpoints checkpoints,
        Map<String, Double> totals,
        Map<ChannelCount, Double> channels,
        Map<String, Double> sentAgain,
        Map<Long, CollectionNumbers> collections,
        Map<String, Double> apiCalls) {

    /**
     * Of the present run.
     *
     * @param completedMillis when the newest was complete, 0 if none was
     * @param durationMillis of the newest complete one
     */
    public record Checkpoints(
            long completed, long failed, long completedMillis, long durationMillis) {}

    /** Bytes of one kind of message, read from or sent for a source pchannel. */
    public record ChannelCount(String pchannel, String messageType, String operation) {}

    /** What {@code ChannelMetrics} registers, behind the operator's name. */
    private static final Pattern CHANNEL =
            Pattern.compile(".*\\.pchannel\\.(.+)\\.(insert|delete)Bytes(Read|Sent)");

    private static final Pattern SENT_AGAIN =
            Pattern.compile(".*\\.targetChannel\\.(.+)\\.sentAgain");

    /** What {@code ApiCalls} registers. */
    private static final Pattern API = Pattern.compile(".*\\.api\\.(\\w+)\\.executed");

    private static final Pattern TOTAL =
            Pattern.compile(
                    ".*\\.(numRecordsSend|numBytesSend|rowsOfDroppedCollections|rowsOutsideSelection|rowsBeforeStart|rowsDoneBefore|unknownMessages|waitingBytes|unacknowledgedBytes|requestsSentAgain|pendingRecords)");

    static JobNumbers read(JobMetrics flink, String jobId, long nowMillis)
            throws IOException, InterruptedException {
        JsonNode checkpoints = flink.checkpoints(jobId);
        JsonNode newest = checkpoints.path("latest").path("completed");
        CollectionReading collections = new CollectionReading();
        JobNumbers numbers =
                new JobNumbers(
                        nowMillis,
                        flink.restarts(jobId),
                        new Checkpoints(
                                checkpoints.path("counts").path("completed").asLong(),
                                checkpoints.path("counts").path("failed").asLong(),
                                newest.path("latest_ack_timestamp").asLong(),
                                newest.path("end_to_end_duration").asLong()),
                        new TreeMap<>(),
                        new HashMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>());
        for (JobMetrics.Vertex vertex : flink.vertices(jobId)) {
            List<String> names = flink.names(vertex);
            collections.look(names);
            names.removeIf(name -> !isWanted(name) && !collections.isWanted(name));
            flink.numbers(vertex, names)
                    .forEach(
                            (name, value) -> {
                                if (!collections.add(vertex, name, value)) {
                                    numbers.add(name, value.sum());
                                }
                            });
        }
        collections.askReasons(flink);
        numbers.collections.putAll(collections.numbers());
        return numbers;
    }

    private static boolean isWanted(String name) {
        return TOTAL.matcher(name).matches()
                || API.matcher(name).matches()
                || CHANNEL.matcher(name).matches()
                || SENT_AGAIN.matcher(name).matches();
    }

    private void add(String name, double sum) {
        Matcher channel = CHANNEL.matcher(name);
        Matcher again = SENT_AGAIN.matcher(name);
        Matcher total = TOTAL.matcher(name);
        Matcher api = API.matcher(name);
        if (channel.matches()) {
            channels.merge(
                    new ChannelCount(
                            channel.group(1),
                            channel.group(2).equals("insert") ? "Insert" : "Delete",
                            operation(channel.group(3))),
                    sum,
                    Double::sum);
        } else if (again.matches()) {
            sentAgain.merge(again.group(1), sum, Double::sum);
        } else if (api.matches()) {
            apiCalls.merge(api.group(1), sum, Double::sum);
        } else if (total.matches()) {
            totals.merge(total.group(1), sum, Double::sum);
        }
    }

    private static String operation(String suffix) {
        return suffix.equals("Read") ? "read" : "write";
    }
}

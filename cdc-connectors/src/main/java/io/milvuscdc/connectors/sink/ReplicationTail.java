// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Ends a job at the target, with the guarantee of its {@link SinkConfig}. Exactly-once is {@link
 * MilvusSink}. At-least-once has the same three operators with the same uids and states, so a task
 * may change its guarantee over a checkpoint; but its writers also report between checkpoints, and
 * its ticks go out as soon as they are decided:
 *
 * <pre>
 * ChannelMessage ─► writer (n) ── WriterReport ──► coordinator (1) ── CommitUnit ──► committer (1)
 *                   reports what is                decides the tick                  at once: ticks
 *                   acknowledged, with each tick   with each report                  after the checkpoint: drops, metadata
 * </pre>
 */
public final class ReplicationTail {

    private static final String NAME = "Replicate to target";
    private static final String UID = "sink";

    /** Ticks may be this far ahead of the last checkpoint, though it be taken often. */
    private static final Duration LEAST_AHEAD = Duration.ofSeconds(2);

    private ReplicationTail() {}

    /**
     * By operator, the version of what it keeps in checkpoints and savepoints: today's is written,
     * and every older one can be read.
     */
    public static SortedMap<String, Integer> stateVersions() {
        return new TreeMap<>(
                Map.of(
                        "writer", WriterState.SERIALIZER.getVersion(),
                        "coordinator", CoordinatorState.SERIALIZER.getVersion(),
                        "committer", CommitUnit.SERIALIZER.getVersion()));
    }

    /** Adds the operators to the job, with the names and uids that checkpoints know them by. */
    public static void attach(DataStream<ChannelMessage> messages, SinkConfig config) {
        if (config.exactlyOnce()) {
            messages.sinkTo(new MilvusSink(config)).name(NAME).uid(UID);
            return;
        }
        TypeInformation<CommittableMessage<WriterReport>> reports =
                CommittableMessageTypeInfo.of(() -> WriterReport.SERIALIZER);
        TypeInformation<CommittableMessage<CommitUnit>> units =
                CommittableMessageTypeInfo.of(() -> CommitUnit.SERIALIZER);
        messages.transform(NAME + ": Writer", reports, new EagerWriterFactory(config))
                .uid(UID)
                .global()
                .transform(
                        NAME + ": Coordinate ticks",
                        units,
                        new TickCoordinatorFactory(config, mayBeAhead(messages)))
                .uid(UID + ": coordinator")
                .setParallelism(1)
                .setMaxParallelism(1)
                .global()
                .transform(
                        NAME + ": Committer",
                        units,
                        new EagerCommitterFactory(context -> TickCommitter.open(config, context)))
                .uid("Sink Committer: " + UID)
                // its maximum is the job's, because a checkpoint of the other guarantee has that
                .setParallelism(1);
    }

    /** Long enough that a checkpoint that takes its time doesn't hold back the ticks. */
    private static Duration mayBeAhead(DataStream<ChannelMessage> messages) {
        Duration interval =
                Duration.ofMillis(
                        messages.getExecutionEnvironment()
                                .getCheckpointConfig()
                                .getCheckpointInterval());
        Duration twice = interval.multipliedBy(2);
        return twice.compareTo(LEAST_AHEAD) > 0 ? twice : LEAST_AHEAD;
    }
}

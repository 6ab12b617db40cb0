// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.control.api.PositionFinder;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Gives t1 two positions, t2 none yet, t5 one that was noted earlier, and can't read those of any
 * other task.
 */
public final class KnownPositions implements PositionFinder {

    private static final long TICK = 1_700_000_000_001L << 18 | 7;

    @Override
    public Positions of(Task task) throws IOException {
        return switch (task.id()) {
            case "t1" ->
                    new Positions(
                            List.of(
                                    found(444, "by-dev-rootcoord-dml_0", 3),
                                    found(444, "by-dev-rootcoord-dml_1", 4)),
                            List.of(found(OPERATIONS, "by-dev-replicate-msg", 5)),
                            List.of(new TargetFound("standby-rootcoord-dml_0", "dGFyZ2V0", TICK)),
                            MqMessageIds.KAFKA);
            case "t2" -> new Positions(List.of(), List.of(), List.of(), MqMessageIds.KAFKA);
            case "t5" ->
                    new Positions(
                            List.of(found(444, "by-dev-rootcoord-dml_0", 3)),
                            List.of(),
                            List.of(),
                            MqMessageIds.KAFKA,
                            Optional.of(
                                    new Earlier(1_700_000_000_500L, 7, "the checkpoint is lost")));
            default -> throw new IOException("the source's etcd hasn't answered");
        };
    }

    private static Found found(long collection, String channel, long offset) {
        return new Found(
                collection, new ChannelPosition(channel, MqPosition.ofKafkaOffset(offset), TICK));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.takeover;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.control.store.GoCheckpoint;
import io.milvuscdc.control.store.GoTask;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.job.StartRequest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a task of the Go tool goes on.
 *
 * <p>Its stored message id is that of the tick up to which everything was handled or, when a
 * message with a later timestamp stands before that tick, of the first such message. So the message
 * itself must be read: what's read from there on includes everything that wasn't handled, and what
 * was is told by the tick. Of the stored time only counts whether there is one, so that the tool
 * has handled anything: it's rounded, and ahead of the source after the Go tool has moved
 * timestamps.
 */
final class GoStarts {

    private static final Pattern VCHANNEL = Pattern.compile("(.*)_\\d{1,18}v\\d{1,9}");

    private final MqMessageIds ids;

    GoStarts(MqMessageIds ids) {
        this.ids = ids;
    }

    /**
     * What to ask for. A collection that the Go tool knew nothing of was made when it wasn't
     * running and is read from its creation on.
     *
     * @throws IllegalArgumentException a position isn't one of the source's message queue
     */
    StartRequest of(GoTask go) {
        TaskDefinition definition = go.task().definition();
        Map<String, ChannelPosition> positions = new TreeMap<>();
        Optional<ChannelPosition> operations = Optional.empty();
        for (GoCheckpoint checkpoint : go.checkpoints()) {
            for (Map.Entry<String, String> stored : checkpoint.positions().entrySet()) {
                long time = checkpoint.times().getOrDefault(stored.getKey(), 0L);
                ChannelPosition position =
                        position(stored.getKey(), stored.getValue(), Tso.of(time, 0));
                if (checkpoint.collectionId() == GoCheckpoint.OPERATIONS) {
                    operations = Optional.of(position);
                } else if (checkpoint.collectionId() >= 0 && !checkpoint.dropped()) {
                    positions.put(
                            position.channel() + "_" + checkpoint.collectionId() + "v0", position);
                }
            }
        }
        if (operations.isEmpty() && !definition.rpcChannel().position().isEmpty()) {
            operations =
                    Optional.of(ChannelPosition.ofBase64(definition.rpcChannel().position(), ids));
        }
        return new StartRequest(
                definition.selection(), definition.selection().included(), positions, operations);
    }

    private ChannelPosition position(String channel, String base64, long timestamp) {
        Matcher vchannel = VCHANNEL.matcher(channel);
        try {
            return new ChannelPosition(
                    vchannel.matches() ? vchannel.group(1) : channel,
                    ids.decode(ByteString.copyFrom(Base64.getDecoder().decode(base64))),
                    timestamp);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "its position in " + channel + " can't be read: " + e.getMessage(), e);
        }
    }
}

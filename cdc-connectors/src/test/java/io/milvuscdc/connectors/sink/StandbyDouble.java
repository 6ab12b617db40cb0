// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A standby Milvus as {@code MqTtMsgStream} makes it: shows a row with the first newer tick, drops
 * a message whose msgID it has seen within the tick window, ignores a tick that isn't newer. Halts
 * the "process" when told to.
 */
final class StandbyDouble implements TargetApplier {

    /** Stands for the end of the process. */
    static final class Halt extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Map<String, Channel> channels = new TreeMap<>();
    private int callsUntilHalt = Integer.MAX_VALUE;

    private static final class Channel {
        private final List<ChannelMessage> window = new ArrayList<>();
        private final List<ChannelMessage> visible = new ArrayList<>();
        private long lastTick;
        private int late;
        private int lost;
        private int backwards;
    }

    /** The call after {@code calls} more ones halts; half of what it carries has arrived. */
    void haltAfter(int calls) {
        callsUntilHalt = calls;
    }

    @Override
    public CompletableFuture<String> send(
            String pchannel, long minTs, long maxTs, List<ByteString> messages) {
        Channel channel = channels.computeIfAbsent(pchannel, name -> new Channel());
        boolean halts = callsUntilHalt-- == 0;
        int arriving = halts ? (messages.size() + 1) / 2 : messages.size();
        messages.subList(0, arriving).forEach(payload -> arrive(channel, pchannel, payload));
        if (halts) {
            throw new Halt();
        }
        return CompletableFuture.completedFuture("");
    }

    private static void arrive(Channel channel, String pchannel, ByteString payload) {
        ChannelMessage message =
                MessageDecoder.decode(
                        pchannel,
                        MqPosition.ofKafkaOffset(0),
                        UnsafeByteOperations.unsafeWrap(payload.toByteArray()));
        if (message.type() == MsgType.TimeTick_VALUE) {
            tick(channel, message.timestamp());
            return;
        }
        if (message.timestamp() <= channel.lastTick) {
            channel.late++;
            if (channel.visible.stream().noneMatch(m -> m.msgId() == message.msgId())) {
                channel.lost++;
            }
        }
        channel.window.add(message);
    }

    private static void tick(Channel channel, long tick) {
        if (tick < channel.lastTick) {
            channel.backwards++;
        }
        if (tick <= channel.lastTick) {
            return;
        }
        Set<Long> seen = new HashSet<>();
        List<ChannelMessage> ahead = new ArrayList<>();
        for (ChannelMessage message : channel.window) {
            if (message.timestamp() > tick) {
                ahead.add(message);
            } else if (seen.add(message.msgId())) {
                channel.visible.add(message);
            }
        }
        channel.window.clear();
        channel.window.addAll(ahead);
        channel.lastTick = tick;
    }

    List<ChannelMessage> visible() {
        return channels.values().stream().flatMap(c -> c.visible.stream()).toList();
    }

    int late() {
        return channels.values().stream().mapToInt(c -> c.late).sum();
    }

    /**
     * Late ones that aren't copies of what is shown: a target that starts again drops what it finds
     * behind a tick.
     */
    int lost() {
        return channels.values().stream().mapToInt(c -> c.lost).sum();
    }

    int backwards() {
        return channels.values().stream().mapToInt(c -> c.backwards).sum();
    }

    @Override
    public void close() {
        // its owner is the test
    }
}

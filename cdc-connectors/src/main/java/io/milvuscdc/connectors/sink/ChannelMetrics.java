// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;

/**
 * A writer's counts by channel: bytes of inserts and deletes, read and sent, by source pchannel
 * ({@code pchannel.<name>.insertBytesRead}...), and requests that weren't taken by target pchannel
 * ({@code targetChannel.<name>.sentAgain}). Used by the writer's thread.
 */
final class ChannelMetrics {

    private final MetricGroup group;
    private final Map<String, Bytes> channels = new HashMap<>();

    ChannelMetrics(MetricGroup group) {
        this.group = group;
    }

    private static final class Bytes {
        private final Counter insertsRead = new SimpleCounter();
        private final Counter deletesRead = new SimpleCounter();
        private final Counter insertsSent = new SimpleCounter();
        private final Counter deletesSent = new SimpleCounter();

        Bytes(MetricGroup at) {
            at.counter("insertBytesRead", insertsRead);
            at.counter("deleteBytesRead", deletesRead);
            at.counter("insertBytesSent", insertsSent);
            at.counter("deleteBytesSent", deletesSent);
        }
    }

    /** Counts a message of rows that was read, whether or not it's sent. */
    void read(ChannelMessage message) {
        Bytes bytes = of(message);
        (isInsert(message) ? bytes.insertsRead : bytes.deletesRead).inc(message.payload().size());
    }

    /** Counts a message of rows that is sent. */
    void sent(ChannelMessage message) {
        Bytes bytes = of(message);
        (isInsert(message) ? bytes.insertsSent : bytes.deletesSent).inc(message.payload().size());
    }

    /**
     * Shows a target pchannel from its first message on.
     *
     * @param sentAgain how many requests for it weren't taken; asked by other threads
     */
    void target(String pchannel, LongSupplier sentAgain) {
        group.addGroup("targetChannel", pchannel).gauge("sentAgain", sentAgain::getAsLong);
    }

    static boolean isInsert(ChannelMessage message) {
        return message.type() == MsgType.Insert_VALUE;
    }

    private Bytes of(ChannelMessage message) {
        return channels.computeIfAbsent(
                message.pchannel(), name -> new Bytes(group.addGroup("pchannel", name)));
    }
}

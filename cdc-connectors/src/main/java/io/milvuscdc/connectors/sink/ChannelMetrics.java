// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;

/**
 * A writer's counts of inserts and deletes, read and sent: bytes by source pchannel ({@code
 * pchannel.<name>.insertBytesRead}...), rows by source collection ({@code
 * collection.<id>.<name>.insertRowsSent}...). Used by the writer's thread.
 */
final class ChannelMetrics {

    /** Collections beyond this many ({@value}) are counted together, as collection 0. */
    static final int MAX_COLLECTIONS = 500;

    private static final long OTHERS = 0;

    private final MetricGroup group;
    private final Map<String, Counts> channels = new HashMap<>();
    private final Map<Long, Counts> collections = new HashMap<>();

    ChannelMetrics(MetricGroup group) {
        this.group = group;
    }

    private static final class Counts {
        private final Counter insertsRead = new SimpleCounter();
        private final Counter deletesRead = new SimpleCounter();
        private final Counter insertsSent = new SimpleCounter();
        private final Counter deletesSent = new SimpleCounter();
        private boolean registered;

        void register(MetricGroup at, String unit) {
            at.counter("insert" + unit + "Read", insertsRead);
            at.counter("delete" + unit + "Read", deletesRead);
            at.counter("insert" + unit + "Sent", insertsSent);
            at.counter("delete" + unit + "Sent", deletesSent);
            registered = true;
        }

        void read(ChannelMessage message, long amount) {
            (isInsert(message) ? insertsRead : deletesRead).inc(amount);
        }

        void sent(ChannelMessage message, long amount) {
            (isInsert(message) ? insertsSent : deletesSent).inc(amount);
        }

        private static boolean isInsert(ChannelMessage message) {
            return message.type() == MsgType.Insert_VALUE;
        }
    }

    /** Counts a message of rows that was read, whether or not it's sent. */
    void read(ChannelMessage message) {
        ofChannel(message).read(message, message.payload().size());
        ofCollection(message).read(message, message.rows());
    }

    /** Counts a message of rows that is sent; a collection is shown from its first one on. */
    void sent(ChannelMessage message, String collectionName) {
        ofChannel(message).sent(message, message.payload().size());
        Counts counts = ofCollection(message);
        counts.sent(message, message.rows());
        if (!counts.registered) {
            boolean own = counts != collections.get(OTHERS);
            counts.register(
                    group.addGroup("collection")
                            .addGroup(Long.toString(own ? message.collectionId() : OTHERS))
                            .addGroup(own ? collectionName : "others"),
                    "Rows");
        }
    }

    private Counts ofChannel(ChannelMessage message) {
        Counts counts = channels.computeIfAbsent(message.pchannel(), name -> new Counts());
        if (!counts.registered) {
            counts.register(group.addGroup("pchannel").addGroup(message.pchannel()), "Bytes");
        }
        return counts;
    }

    private Counts ofCollection(ChannelMessage message) {
        Counts counts = collections.get(message.collectionId());
        if (counts == null) {
            long key = collections.size() < MAX_COLLECTIONS ? message.collectionId() : OTHERS;
            counts = collections.computeIfAbsent(key, id -> new Counts());
        }
        return counts;
    }
}

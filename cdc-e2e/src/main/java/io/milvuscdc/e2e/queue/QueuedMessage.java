// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import milvus.proto.msg.Msg;

/**
 * A message as it stands in a topic, with checksums in place of its rows, so that those of hundreds
 * of thousands of rows fit in memory.
 *
 * @param topic the pchannel
 * @param appendMillis the record's time: on Kafka when the broker appended it, if the topic is set
 *     up so, on Pulsar when the producer sent it
 * @param type a number of {@link MsgType}
 * @param timestamp {@code base.timestamp}, a tso; 0 in the inserts of an upsert (Milvus 2.3.5)
 * @param firstRowTs the time of the oldest row of an insert or delete, else {@code timestamp}
 * @param lastRowTs the largest; a standby shows the message at the first tick that reaches it
 * @param partition name of the partition that it's for; empty for a delete from all of them
 * @param partitionId what its side calls that partition; negative for all of them, 0 where there
 *     are no rows
 * @param rowTimes checksum of the times of all rows, 0 where there are none
 * @param rowData checksum of keys and fields of all rows, 0 where there are none
 */
public record QueuedMessage(
        String topic,
        MqPosition position,
        long appendMillis,
        int type,
        long timestamp,
        long msgId,
        String vchannel,
        String partition,
        long partitionId,
        long rows,
        long firstRowTs,
        long lastRowTs,
        long rowTimes,
        long rowData) {

    /** Reads what the check needs of a message's payload. */
    public static QueuedMessage of(ChannelMessage message, long appendMillis) {
        try {
            return switch (message.type()) {
                case MsgType.Insert_VALUE -> {
                    Msg.InsertRequest insert = Msg.InsertRequest.parseFrom(message.payload());
                    // segmentID is the target's own, ids and names of the collection are rewritten
                    Msg.InsertRequest rows =
                            Msg.InsertRequest.newBuilder()
                                    .addAllRowIDs(insert.getRowIDsList())
                                    .addAllFieldsData(insert.getFieldsDataList())
                                    .build();
                    yield of(
                            message,
                            appendMillis,
                            insert.getBase(),
                            new Place(insert.getPartitionName(), insert.getPartitionID()),
                            insert.getTimestampsList(),
                            rows);
                }
                case MsgType.Delete_VALUE -> {
                    Msg.DeleteRequest delete = Msg.DeleteRequest.parseFrom(message.payload());
                    Msg.DeleteRequest.Builder keys =
                            Msg.DeleteRequest.newBuilder()
                                    .addAllInt64PrimaryKeys(delete.getInt64PrimaryKeysList());
                    if (delete.hasPrimaryKeys()) {
                        keys.setPrimaryKeys(delete.getPrimaryKeys());
                    }
                    yield of(
                            message,
                            appendMillis,
                            delete.getBase(),
                            new Place(delete.getPartitionName(), delete.getPartitionID()),
                            delete.getTimestampsList(),
                            keys.build());
                }
                default -> {
                    // all types have their base where a tick, which has nothing else, has it
                    MsgBase base = Msg.TimeTickMsg.parseFrom(message.payload()).getBase();
                    yield of(
                            message,
                            appendMillis,
                            base,
                            Place.NONE,
                            List.of(),
                            Msg.TimeTickMsg.getDefaultInstance());
                }
            };
        } catch (InvalidProtocolBufferException e) {
            throw new QueueReadException(
                    message.position().describe()
                            + " of topic "
                            + message.pchannel()
                            + " is no message of type "
                            + message.type(),
                    e);
        }
    }

    private static QueuedMessage of(
            ChannelMessage message,
            long appendMillis,
            MsgBase base,
            Place place,
            List<Long> times,
            Message rows) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long sum = 0;
        for (long time : times) {
            first = Math.min(first, time);
            last = Math.max(last, time);
            sum = sum * 31 + time;
        }
        return new QueuedMessage(
                message.pchannel(),
                message.position(),
                appendMillis,
                message.type(),
                base.getTimestamp(),
                message.msgId(),
                message.vchannel(),
                place.partition(),
                place.partitionId(),
                message.rows(),
                times.isEmpty() ? base.getTimestamp() : first,
                times.isEmpty() ? base.getTimestamp() : last,
                sum,
                checksum(rows));
    }

    /** The partition that rows are for. */
    private record Place(String partition, long partitionId) {
        private static final Place NONE = new Place("", 0);
    }

    private static long checksum(Message rows) {
        CRC32C sum = new CRC32C();
        try (OutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), sum)) {
            rows.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum.getValue();
    }

    public boolean isTick() {
        return type == MsgType.TimeTick_VALUE;
    }

    /** Whether it is an insert or a delete. */
    public boolean hasRows() {
        return type == MsgType.Insert_VALUE || type == MsgType.Delete_VALUE;
    }

    /**
     * Whether it is the other one again, as a producer writes it whose connection broke before the
     * broker's answer came. Milvus drops it like any other copy.
     */
    boolean isSentAgain(QueuedMessage other) {
        return topic.equals(other.topic)
                && type == other.type
                && timestamp == other.timestamp
                && msgId == other.msgId
                && vchannel.equals(other.vchannel)
                && partition.equals(other.partition)
                && partitionId == other.partitionId
                && rows == other.rows
                && rowTimes == other.rowTimes
                && rowData == other.rowData;
    }

    /** Index of the shard, the number after the last {@code v} of the vchannel. */
    public String shard() {
        return vchannel.substring(vchannel.lastIndexOf('v') + 1);
    }

    /** The collection of its vchannel, {@code pchannel_collectionIDvshard}. */
    public long collectionId() {
        return Long.parseLong(
                vchannel.substring(vchannel.lastIndexOf('_') + 1, vchannel.lastIndexOf('v')));
    }

    /** Type, msgID and place, for messages to people. */
    public String describe() {
        return "%s %d (%s %s, ts %d)"
                .formatted(MsgType.forNumber(type), msgId, topic, position.describe(), lastRowTs);
    }
}

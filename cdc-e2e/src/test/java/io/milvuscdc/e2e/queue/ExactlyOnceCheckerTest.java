// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IDs;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ScalarField;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.TimeTicks;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;

final class ExactlyOnceCheckerTest {

    private static final String SOURCE = "source-rootcoord-dml_3";
    private static final String TARGET = "target-rootcoord-dml_0";
    private static final String OTHER_TARGET = "target-rootcoord-dml_1";

    private final Topic source = new Topic(SOURCE, SOURCE + "_100v0");
    private final Topic target = new Topic(TARGET, TARGET + "_900v0");

    @Test
    void acceptsWhatArrivedOnce() {
        source.insert(1, 10).delete(2, 20);
        target.insert(1, 10).delete(2, 20).tick(20);

        ExactlyOnceVerdict verdict = check();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.messages()).isEqualTo(2);
        assertThat(verdict.rows()).isEqualTo(2);
        assertThat(verdict.droppedCopies()).isZero();
    }

    @Test
    void acceptsCopiesWithinATickWindow() {
        source.insert(1, 10).insert(2, 10);
        target.insert(1, 10).insert(1, 10).insert(2, 10).insert(1, 10).tick(12);

        ExactlyOnceVerdict verdict = check();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.droppedCopies()).isEqualTo(2);
        assertThat(verdict.windows()).isEqualTo(1);
    }

    @Test
    void acceptsCopiesBeforeAndAfterATickThatDoesNotReachThem() {
        source.insert(1, 10);
        target.insert(1, 10).tick(9).insert(1, 10).tick(10);

        assertThat(check().findings()).isEmpty();
    }

    @Test
    void acceptsARepeatedTickBetweenCopiesBecauseItEndsNoWindow() {
        source.insert(1, 10);
        target.tick(9).insert(1, 10).tick(9).insert(1, 10).tick(10).tick(10);

        ExactlyOnceVerdict verdict = check();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.ticks()).isEqualTo(4);
        assertThat(verdict.windows()).isEqualTo(2);
    }

    @Test
    void findsALostMessage() {
        source.insert(1, 10).insert(2, 10);
        target.insert(1, 10).tick(20);

        ExactlyOnceVerdict verdict = check();

        assertThat(verdict.faults()).containsExactly(Fault.MISSING);
        assertThat(verdict.toString()).contains("Insert 2").contains(SOURCE);
    }

    @Test
    void findsALostDelete() {
        source.insert(1, 10).delete(2, 20);
        target.insert(1, 10).tick(20);

        assertThat(check().faults()).containsExactly(Fault.MISSING);
    }

    @Test
    void findsAMessageThatNoTickHasReached() {
        source.insert(1, 10);
        target.tick(9).insert(1, 10).tick(9);

        assertThat(check().faults()).containsExactly(Fault.NOT_VISIBLE);
    }

    @Test
    void findsACopyInAnotherWindow() {
        source.insert(1, 10);
        target.insert(1, 10).tick(10).insert(1, 10).tick(11);

        assertThat(check().faults()).contains(Fault.DOUBLED, Fault.LATE);
    }

    @Test
    void findsACopyOnAnotherPchannel() {
        source.insert(1, 10);
        target.insert(1, 10).tick(10);
        Topic other = new Topic(OTHER_TARGET, OTHER_TARGET + "_900v0").insert(1, 10).tick(10);

        ExactlyOnceVerdict verdict =
                ExactlyOnceChecker.check(
                        Map.of(SOURCE, source.messages),
                        Map.of(TARGET, target.messages, OTHER_TARGET, other.messages));

        assertThat(verdict.faults()).containsExactly(Fault.DOUBLED);
    }

    @Test
    void findsARowBehindATick() {
        source.insert(1, 10);
        target.tick(10).insert(1, 10).tick(11);

        assertThat(check().faults()).containsExactly(Fault.LATE);
    }

    @Test
    void findsAMessageOfWhichOneRowIsBehindATick() {
        source.add(insert(1, 10, List.of(8L, 10L), source.vchannel));
        target.tick(9).add(insert(1, 10, List.of(8L, 10L), target.vchannel)).tick(10);

        assertThat(check().faults()).containsExactly(Fault.LATE);
    }

    @Test
    void findsAChangedTimestampOfAMessage() {
        source.insert(1, 10);
        target.add(insert(1, 11, List.of(10L), target.vchannel)).tick(20);

        assertThat(check().faults()).containsExactly(Fault.CHANGED);
    }

    @Test
    void findsAChangedTimestampOfARow() {
        source.add(insert(1, 10, List.of(10L, 10L), source.vchannel));
        target.add(insert(1, 10, List.of(10L, 11L), target.vchannel)).tick(20);

        assertThat(check().toString()).contains("CHANGED").contains("other timestamps");
    }

    @Test
    void findsAChangedRow() {
        source.delete(1, 10);
        target.add(delete(1, 10, 77, target.vchannel)).tick(20);

        assertThat(check().toString()).contains("CHANGED").contains("other rows");
    }

    @Test
    void findsAChangedFieldOfAnInsert() {
        source.add(insert(1, 10, source.vchannel, "_default_3", 7));
        target.add(insert(1, 10, target.vchannel, "_default_3", 8)).tick(20);

        assertThat(check().toString()).contains("CHANGED").contains("other rows");
    }

    @Test
    void findsRowsInTheWrongPartition() {
        source.add(insert(1, 10, source.vchannel, "_default_3", 7));
        target.add(insert(1, 10, target.vchannel, "_default_2", 7)).tick(20);

        assertThat(check().toString())
                .contains("WRONG_PARTITION")
                .contains("in partition '_default_2', not '_default_3'");
    }

    @Test
    void findsAMessageOnTheWrongShard() {
        source.insert(1, 10);
        target.add(insert(1, 10, List.of(10L), TARGET + "_900v1")).tick(20);

        assertThat(check().toString()).contains("CHANGED").contains("wrong vchannel");
    }

    @Test
    void findsATickThatGoesBack() {
        source.insert(1, 10);
        target.insert(1, 10).tick(20).tick(19);

        assertThat(check().faults()).containsExactly(Fault.TICK_BACKWARD);
    }

    @Test
    void findsAMessageThatTheSourceDoesNotHave() {
        target.insert(1, 10).tick(20);

        assertThat(check().faults()).containsExactly(Fault.UNKNOWN);
    }

    @Test
    void findsSourceMessagesThatCannotBeToldApart() {
        source.insert(1, 10).insert(1, 20);
        target.insert(1, 10).tick(30);

        assertThat(check().faults()).contains(Fault.AMBIGUOUS);
    }

    @Test
    void takesWhatTheSourceSentAgainForOneMessage() {
        source.insert(1, 10).insert(1, 10);
        target.insert(1, 10).insert(1, 10).tick(30);

        ExactlyOnceVerdict verdict = check();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.messages()).isEqualTo(1);
    }

    private ExactlyOnceVerdict check() {
        return ExactlyOnceChecker.check(
                Map.of(SOURCE, source.messages), Map.of(TARGET, target.messages));
    }

    private static byte[] insert(long msgId, long ts, List<Long> rowTimes, String vchannel) {
        return Msg.InsertRequest.newBuilder()
                .setBase(base(MsgType.Insert, msgId, ts))
                .setShardName(vchannel)
                .setCollectionID(100)
                .addAllTimestamps(rowTimes)
                .addAllRowIDs(rowTimes.stream().map(time -> msgId).toList())
                .setNumRows(rowTimes.size())
                .build()
                .toByteArray();
    }

    private static byte[] insert(
            long msgId, long ts, String vchannel, String partition, long value) {
        return Msg.InsertRequest.newBuilder()
                .setBase(base(MsgType.Insert, msgId, ts))
                .setShardName(vchannel)
                .setPartitionName(partition)
                .setCollectionID(100)
                .addTimestamps(ts)
                .addRowIDs(msgId)
                .addFieldsData(
                        FieldData.newBuilder()
                                .setFieldName("number")
                                .setType(DataType.Int64)
                                .setScalars(
                                        ScalarField.newBuilder()
                                                .setLongData(
                                                        LongArray.newBuilder().addData(value))))
                .setNumRows(1)
                .build()
                .toByteArray();
    }

    private static byte[] delete(long msgId, long ts, long key, String vchannel) {
        return Msg.DeleteRequest.newBuilder()
                .setBase(base(MsgType.Delete, msgId, ts))
                .setShardName(vchannel)
                .setCollectionID(100)
                .addTimestamps(ts)
                .setPrimaryKeys(IDs.newBuilder().setIntId(LongArray.newBuilder().addData(key)))
                .setNumRows(1)
                .build()
                .toByteArray();
    }

    private static MsgBase base(MsgType type, long msgId, long ts) {
        return MsgBase.newBuilder().setMsgType(type).setMsgID(msgId).setTimestamp(ts).build();
    }

    /** A pchannel that is written to, with one vchannel. */
    private static final class Topic {

        private final List<QueuedMessage> messages = new ArrayList<>();
        private final String name;
        private final String vchannel;

        Topic(String name, String vchannel) {
            this.name = name;
            this.vchannel = vchannel;
        }

        Topic insert(long msgId, long ts) {
            return add(ExactlyOnceCheckerTest.insert(msgId, ts, List.of(ts), vchannel));
        }

        Topic delete(long msgId, long ts) {
            return add(ExactlyOnceCheckerTest.delete(msgId, ts, 5, vchannel));
        }

        Topic tick(long ts) {
            return add(TimeTicks.message(ts).toByteArray());
        }

        Topic add(byte[] payload) {
            MqPosition position = MqPosition.ofKafkaOffset(messages.size());
            messages.add(QueuedMessage.of(MessageDecoder.decode(name, position, payload), 0));
            return this;
        }
    }
}

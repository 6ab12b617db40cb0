// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageRewriterTest {

    private static final String CHANNEL = "by-dev-rootcoord-dml_3";
    private static final String VCHANNEL = "standby-rootcoord-dml_0_77v1";
    private static final RouteTarget TARGET = new RouteTarget(77, 88, VCHANNEL, "", "", "");
    private static final RouteTarget NAMED =
            new RouteTarget(77, 88, VCHANNEL, "archive", "orders_copy", "p1");

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 0; seed < 200; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void changesNothingOfAnInsertButItsRoute(long seed) throws IOException {
        Msg.InsertRequest insert = new RandomMessages(seed).insert();

        ByteString rewritten = rewrite(insert.toByteString(), MsgType.Insert_VALUE, TARGET);

        assertThat(Msg.InsertRequest.parseFrom(rewritten))
                .isEqualTo(
                        insert.toBuilder()
                                .setCollectionID(77)
                                .setPartitionID(88)
                                .setShardName(VCHANNEL)
                                .build());
        assertThat(rewritten.substring(0, insert.getSerializedSize()))
                .isEqualTo(insert.toByteString());
        assertThat(fields(rewritten, Msg.InsertRequest.FIELDS_DATA_FIELD_NUMBER))
                .hasSize(5)
                .isEqualTo(
                        fields(insert.toByteString(), Msg.InsertRequest.FIELDS_DATA_FIELD_NUMBER));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void changesNothingOfADeleteButItsRoute(long seed) throws IOException {
        Msg.DeleteRequest delete = new RandomMessages(seed).delete();
        boolean all = delete.getPartitionID() == RouteTarget.ALL_PARTITIONS;
        RouteTarget target = new RouteTarget(77, all ? -1 : 88, VCHANNEL, "", "", "");

        ByteString rewritten = rewrite(delete.toByteString(), MsgType.Delete_VALUE, target);

        assertThat(Msg.DeleteRequest.parseFrom(rewritten))
                .isEqualTo(
                        delete.toBuilder()
                                .setCollectionID(77)
                                .setPartitionID(all ? -1 : 88)
                                .setShardName(VCHANNEL)
                                .build());
    }

    @Test
    void setsTheNamesThatAreGiven() throws IOException {
        Msg.InsertRequest insert = new RandomMessages(1).insert();
        Msg.DeleteRequest delete = new RandomMessages(1).delete();

        Msg.InsertRequest newInsert =
                Msg.InsertRequest.parseFrom(
                        rewrite(insert.toByteString(), MsgType.Insert_VALUE, NAMED));
        Msg.DeleteRequest newDelete =
                Msg.DeleteRequest.parseFrom(
                        rewrite(delete.toByteString(), MsgType.Delete_VALUE, NAMED));

        assertThat(newInsert.getDbName()).isEqualTo("archive");
        assertThat(newInsert.getCollectionName()).isEqualTo("orders_copy");
        assertThat(newInsert.getPartitionName()).isEqualTo("p1");
        assertThat(newDelete.getDbName()).isEqualTo("archive");
        assertThat(newDelete.getCollectionName()).isEqualTo("orders_copy");
        assertThat(newDelete.getPartitionName()).isEqualTo("p1");
    }

    @Test
    void setsTheIdsOfDrops() throws IOException {
        Msg.DropCollectionRequest collection =
                Msg.DropCollectionRequest.newBuilder()
                        .setBase(new RandomMessages(1).base(MsgType.DropCollection, 5))
                        .setCollectionName("orders")
                        .setCollectionID(7)
                        .build();
        Msg.DropPartitionRequest partition =
                Msg.DropPartitionRequest.newBuilder()
                        .setBase(new RandomMessages(1).base(MsgType.DropPartition, 5))
                        .setPartitionName("2024")
                        .setCollectionID(7)
                        .setPartitionID(8)
                        .build();

        assertThat(
                        Msg.DropCollectionRequest.parseFrom(
                                rewrite(
                                        collection.toByteString(),
                                        MsgType.DropCollection_VALUE,
                                        new RouteTarget(77, 0, "", "", "orders_copy", ""))))
                .isEqualTo(
                        collection.toBuilder()
                                .setCollectionID(77)
                                .setCollectionName("orders_copy")
                                .build());
        assertThat(
                        Msg.DropPartitionRequest.parseFrom(
                                rewrite(
                                        partition.toByteString(),
                                        MsgType.DropPartition_VALUE,
                                        new RouteTarget(77, 88, "", "", "", ""))))
                .isEqualTo(partition.toBuilder().setCollectionID(77).setPartitionID(88).build());
    }

    @Test
    void keepsTheMsgIdOfTheSource() throws IOException {
        Msg.InsertRequest insert = new RandomMessages(1).insert();

        assertThat(
                        Msg.InsertRequest.parseFrom(
                                        rewrite(
                                                insert.toByteString(),
                                                MsgType.Insert_VALUE,
                                                TARGET))
                                .getBase())
                .isEqualTo(insert.getBase());
    }

    @Test
    void givesAMessageWithoutMsgIdTheSameOneEachTime() throws IOException {
        Msg.InsertRequest.Builder insert = new RandomMessages(1).insert().toBuilder();
        insert.getBaseBuilder().clearMsgID();
        ByteString payload = insert.build().toByteString();

        MsgBase first =
                Msg.InsertRequest.parseFrom(rewrite(payload, MsgType.Insert_VALUE, TARGET))
                        .getBase();
        MsgBase second =
                Msg.InsertRequest.parseFrom(rewrite(payload, MsgType.Insert_VALUE, NAMED))
                        .getBase();

        assertThat(first)
                .isEqualTo(
                        insert.getBase().toBuilder()
                                .setMsgID(MessageIds.derive(CHANNEL, MqPosition.ofKafkaOffset(42)))
                                .build());
        assertThat(second).isEqualTo(first);
    }

    @Test
    void rewritesWhatAnotherReplicationHasRewritten() throws IOException {
        Msg.DeleteRequest delete = new RandomMessages(1).delete();
        ByteString once = rewrite(delete.toByteString(), MsgType.Delete_VALUE, NAMED);

        ByteString twice =
                rewrite(
                        once,
                        MsgType.Delete_VALUE,
                        new RouteTarget(777, 888, "third_777v0", "", "", ""));

        assertThat(Msg.DeleteRequest.parseFrom(twice).getCollectionID()).isEqualTo(777);
        assertThat(decode(twice).vchannel()).isEqualTo("third_777v0");
        assertThat(decode(twice).partitionId()).isEqualTo(888);
    }

    @Test
    void refusesTargetsThatWouldLoseRows() {
        RouteTarget allPartitions = new RouteTarget(77, -1, VCHANNEL, "", "", "");
        RouteTarget noVchannel = new RouteTarget(77, 88, "", "", "", "");
        RouteTarget noPartition = new RouteTarget(77, 0, VCHANNEL, "", "", "");

        assertRefused(MsgType.Insert_VALUE, allPartitions);
        assertRefused(MsgType.DropPartition_VALUE, allPartitions);
        assertRefused(MsgType.Insert_VALUE, noVchannel);
        assertRefused(MsgType.Delete_VALUE, noVchannel);
        assertRefused(MsgType.Insert_VALUE, noPartition);
        assertRefused(MsgType.Delete_VALUE, noPartition);
        assertRefused(MsgType.DropPartition_VALUE, noPartition);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteTarget(0, 88, VCHANNEL, "", "", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteTarget(77, -2, VCHANNEL, "", "", ""));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                MsgType.CreateCollection_VALUE,
                MsgType.TimeTick_VALUE,
                MsgType.Flush_VALUE,
                54_321
            })
    void refusesTypesWithoutIdsToReplace(int type) {
        assertRefused(type, TARGET);
    }

    private static void assertRefused(int type, RouteTarget target) {
        assertThatIllegalArgumentException().isThrownBy(() -> MessageRewriter.suffix(type, target));
    }

    private static ByteString rewrite(ByteString payload, int type, RouteTarget target) {
        return MessageRewriter.rewrite(decode(payload), MessageRewriter.suffix(type, target));
    }

    private static ChannelMessage decode(ByteString payload) {
        return MessageDecoder.decode(CHANNEL, MqPosition.ofKafkaOffset(42), payload);
    }

    /** The bytes of each occurrence of a length-delimited field. */
    private static List<ByteString> fields(ByteString payload, int number) throws IOException {
        List<ByteString> found = new ArrayList<>();
        CodedInputStream in = payload.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == number) {
                found.add(in.readBytes());
            } else if (!in.skipField(tag)) {
                throw new InvalidProtocolBufferException("no field");
            }
        }
        return found;
    }
}

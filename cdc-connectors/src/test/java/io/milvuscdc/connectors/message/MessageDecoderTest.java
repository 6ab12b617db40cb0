// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageDecoderTest {

    private static final String CHANNEL = "by-dev-rootcoord-dml_3";
    private static final MqPosition POSITION = MqPosition.ofKafkaOffset(42);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsWhatRoutesAnInsert(long seed) {
        Msg.InsertRequest insert = new RandomMessages(seed).insert();

        assertThat(decode(insert))
                .isEqualTo(
                        new ChannelMessage(
                                CHANNEL,
                                POSITION,
                                MsgType.Insert_VALUE,
                                insert.getBase().getTimestamp(),
                                insert.getBase().getMsgID(),
                                insert.getCollectionID(),
                                insert.getPartitionID(),
                                insert.getShardName(),
                                "_default",
                                insert.getNumRows(),
                                insert.toByteString()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsWhatRoutesADelete(long seed) {
        Msg.DeleteRequest delete = new RandomMessages(seed).delete();

        assertThat(decode(delete))
                .isEqualTo(
                        new ChannelMessage(
                                CHANNEL,
                                POSITION,
                                MsgType.Delete_VALUE,
                                delete.getBase().getTimestamp(),
                                delete.getBase().getMsgID(),
                                delete.getCollectionID(),
                                delete.getPartitionID(),
                                delete.getShardName(),
                                delete.getPartitionName(),
                                delete.getNumRows(),
                                delete.toByteString()));
    }

    @Test
    void readsTheIdsOfCollectionAndPartitionMessages() {
        ChannelMessage created =
                decode(
                        Msg.CreateCollectionRequest.newBuilder()
                                .setBase(base(MsgType.CreateCollection))
                                .setCollectionID(7)
                                .addVirtualChannelNames("by-dev-rootcoord-dml_3_7v0")
                                .addPhysicalChannelNames(CHANNEL)
                                .addPartitionIDs(8)
                                .build());
        ChannelMessage dropped =
                decode(
                        Msg.DropCollectionRequest.newBuilder()
                                .setBase(base(MsgType.DropCollection))
                                .setCollectionName("orders")
                                .setDbID(3)
                                .setCollectionID(7)
                                .build());
        ChannelMessage partitionDropped =
                decode(
                        Msg.DropPartitionRequest.newBuilder()
                                .setBase(base(MsgType.DropPartition))
                                .setCollectionName("orders")
                                .setPartitionName("2024")
                                .setDbID(3)
                                .setCollectionID(7)
                                .setPartitionID(8)
                                .build());

        assertThat(created).isEqualTo(expected(created, 7, 0, ""));
        assertThat(dropped).isEqualTo(expected(dropped, 7, 0, ""));
        assertThat(partitionDropped).isEqualTo(expected(partitionDropped, 7, 8, "2024"));
        assertThat(partitionDropped.timestamp()).isEqualTo(99);
    }

    @Test
    void readsOnlyTheBaseOfOtherTypes() {
        FlushRequest flush =
                FlushRequest.newBuilder()
                        .setBase(base(MsgType.Flush))
                        .setDbName("sales")
                        .addCollectionNames("orders")
                        .build();

        ChannelMessage message = decode(flush);

        assertThat(message).isEqualTo(expected(message, 0, 0, ""));
        assertThat(message.type()).isEqualTo(MsgType.Flush_VALUE);
        assertThat(message.timestamp()).isEqualTo(99);
    }

    @Test
    void passesTypesOnThatItDoesNotKnow() {
        ChannelMessage message =
                decode(
                        Msg.TimeTickMsg.newBuilder()
                                .setBase(MsgBase.newBuilder().setMsgTypeValue(54_321).setMsgID(-3))
                                .build());

        assertThat(message.type()).isEqualTo(54_321);
        assertThat(message.msgId()).isEqualTo(-3);
    }

    @Test
    void findsTheBaseWhereverItIsAndMergesItsParts() {
        Msg.InsertRequest insert = new RandomMessages(1).insert();
        ByteString rest = insert.toBuilder().clearBase().build().toByteString();
        ByteString base = baseOnly(insert.getBase());
        ByteString later = baseOnly(MsgBase.newBuilder().setMsgID(5).build());

        ChannelMessage message =
                MessageDecoder.decode(CHANNEL, POSITION, rest.concat(base).concat(later));

        assertThat(message.type()).isEqualTo(MsgType.Insert_VALUE);
        assertThat(message.collectionId()).isEqualTo(insert.getCollectionID());
        assertThat(message.msgId()).isEqualTo(5);
    }

    @Test
    void doesNotCopyThePayload() {
        byte[] payload = new RandomMessages(1).insert().toByteArray();
        ChannelMessage message = MessageDecoder.decode(CHANNEL, POSITION, payload);

        payload[payload.length - 1] ^= 1;

        assertThat(message.payload().byteAt(payload.length - 1))
                .isEqualTo(payload[payload.length - 1]);
    }

    @Test
    void leavesTheRowsUnparsed() {
        Msg.InsertRequest insert = new RandomMessages(1).insert();
        // field 13, length 3, of which no FieldData can be made
        ByteString broken = ByteString.copyFrom(new byte[] {13 << 3 | 2, 3, -1, -1, -1});

        ChannelMessage message =
                MessageDecoder.decode(CHANNEL, POSITION, insert.toByteString().concat(broken));

        assertThat(message.rows()).isEqualTo(insert.getNumRows());
    }

    @Test
    void refusesWhatIsNoMessageOfMilvus() {
        assertUndecodable(ByteString.EMPTY, "it has no MsgBase");
        assertUndecodable(ByteString.copyFromUtf8("{\"a\": 1}"), "no complete protobuf message");
        assertUndecodable(ByteString.copyFrom(new byte[100]), "no complete protobuf message");
        assertUndecodable(baseOnly(MsgBase.newBuilder().setMsgID(3).build()), "msg_type is 0");
        assertThatExceptionOfType(UndecodableMessageException.class)
                .isThrownBy(() -> MessageDecoder.decode(CHANNEL, POSITION, (byte[]) null))
                .withMessageContaining("no payload");
    }

    @Test
    void refusesRowChangesWithoutTheirRoute() {
        Msg.InsertRequest insert = new RandomMessages(1).insert();
        Msg.DeleteRequest delete = new RandomMessages(1).delete();

        assertUndecodable(
                insert.toBuilder().clearShardName().build().toByteString(),
                "this Insert message names no vchannel");
        assertUndecodable(
                insert.toBuilder().clearCollectionID().build().toByteString(),
                "this Insert message names no collection id");
        assertUndecodable(
                delete.toBuilder().clearShardName().build().toByteString(),
                "this Delete message names no vchannel");
        assertUndecodable(
                delete.toBuilder().clearCollectionID().build().toByteString(),
                "this Delete message names no collection id");
        assertUndecodable(
                insert.toBuilder().clearTimestamps().build().toByteString(),
                "this Insert message has no timestamps of its rows");
    }

    @Test
    void takesTheTimeOfARowChangeFromItsRows() {
        Msg.InsertRequest.Builder insert = new RandomMessages(1).insert().toBuilder();
        insert.getBaseBuilder().clearTimestamp();
        long rowsTime = insert.getTimestamps(0);
        // one more, not packed, in nine bytes
        ByteString last =
                ByteString.copyFrom(new byte[] {10 << 3, -1, -1, -1, -1, -1, -1, -1, -1, 127});

        assertThat(decode(insert.build()).timestamp()).isEqualTo(rowsTime);
        assertThat(
                        MessageDecoder.decode(
                                        CHANNEL,
                                        POSITION,
                                        insert.build().toByteString().concat(last))
                                .timestamp())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesDropsOfNothing() {
        assertUndecodable(
                baseOnly(base(MsgType.DropCollection)),
                "this DropCollection message names no collection id");
    }

    @Test
    void saysWhereTheMessageIsAndWhatToDo() {
        assertThatExceptionOfType(UndecodableMessageException.class)
                .isThrownBy(
                        () -> MessageDecoder.decode(CHANNEL, new MqPosition(7, 3), new byte[] {8}))
                .withMessageContaining("channel 'by-dev-rootcoord-dml_3', message id 7:3: ")
                .withMessageContaining("its 1 bytes are no complete protobuf message")
                .withMessageContaining("create a task that starts after this position")
                .havingCause();
        assertUndecodable(ByteString.EMPTY, "offset 42: ");
    }

    @Test
    void refusesMessagesOfTheStreamingService() {
        assertThatExceptionOfType(UndecodableMessageException.class)
                .isThrownBy(
                        () ->
                                MessageDecoder.refuseStreamingMessage(
                                        CHANNEL, POSITION, Set.of("_v", "_t")::contains))
                .withMessageContaining("streaming service")
                .withMessageContaining("offset 42");
        assertThatNoException()
                .isThrownBy(
                        () ->
                                MessageDecoder.refuseStreamingMessage(
                                        CHANNEL,
                                        POSITION,
                                        Set.of("msg_type", "traceparent")::contains));
    }

    @Test
    void decodesOrRefusesEveryBeginningOfAMessage() {
        RandomMessages messages = new RandomMessages(11);
        for (MessageLite whole : new MessageLite[] {messages.insert(), messages.delete()}) {
            ByteString payload = whole.toByteString();
            int refused = 0;
            for (int length = 0; length < payload.size(); length++) {
                refused += isRefused(payload.substring(0, length).toByteArray()) ? 1 : 0;
            }
            // what isn't refused ends just after a field
            assertThat(refused).isGreaterThan(payload.size() * 9 / 10);
        }
    }

    @Test
    void decodesOrRefusesDamagedMessagesAndNoise() {
        byte[] payload = new RandomMessages(12).insert().toByteArray();
        Random random = new Random(12);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = payload.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            isRefused(damaged);
            byte[] noise = new byte[random.nextInt(50)];
            random.nextBytes(noise);
            isRefused(noise);
        }
    }

    @Test
    void refusesEndlessNestingAndLengthsBeyondTheEnd() {
        byte[] groups = new byte[1_000_000];
        Arrays.fill(groups, (byte) (9 << 3 | 3));
        assertUndecodable(ByteString.copyFrom(groups), "no complete protobuf message");
        // base, with the length 2^31 - 1, 2^32 - 1 and of a varint without end
        for (byte[] tail :
                new byte[][] {
                    {10, -1, -1, -1, -1, 7}, {10, -1, -1, -1, -1, 15}, {10, -1, -1, -1, -1, -1}
                }) {
            assertUndecodable(ByteString.copyFrom(tail), "no complete protobuf message");
        }
        // the end of a group that never began
        assertUndecodable(ByteString.copyFrom(new byte[] {9 << 3 | 4}), "no complete protobuf");
    }

    private static boolean isRefused(byte[] payload) {
        try {
            MessageDecoder.decode(CHANNEL, POSITION, payload);
            return false;
        } catch (UndecodableMessageException e) {
            return true;
        }
    }

    private static void assertUndecodable(ByteString payload, String problem) {
        assertThatExceptionOfType(UndecodableMessageException.class)
                .isThrownBy(() -> MessageDecoder.decode(CHANNEL, POSITION, payload))
                .withMessageContaining(problem);
    }

    private static ChannelMessage decode(MessageLite message) {
        return MessageDecoder.decode(CHANNEL, POSITION, message.toByteArray());
    }

    private static ChannelMessage expected(
            ChannelMessage actual, long collectionId, long partitionId, String partitionName) {
        return new ChannelMessage(
                CHANNEL,
                POSITION,
                actual.type(),
                99,
                12,
                collectionId,
                partitionId,
                "",
                partitionName,
                0,
                actual.payload());
    }

    private static MsgBase base(MsgType type) {
        return MsgBase.newBuilder().setMsgType(type).setMsgID(12).setTimestamp(99).build();
    }

    private static ByteString baseOnly(MsgBase base) {
        return Msg.TimeTickMsg.newBuilder().setBase(base).build().toByteString();
    }
}

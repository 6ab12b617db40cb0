// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.milvus.grpc.MsgType;
import java.io.IOException;
import java.util.Collections;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampsTest {

    private static final long LATER = Tso.of(1_800_000_000_000L, 1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void setsTheTimeOfAMessageAndOfItsRowsAndNothingElse(long seed) throws IOException {
        Msg.InsertRequest insert = new RandomMessages(seed).insert();
        Msg.DeleteRequest delete = new RandomMessages(seed).delete();
        ChannelMessage message = decode(insert.toByteString());

        ChannelMessage raised = Timestamps.raise(message, LATER);

        Msg.InsertRequest.Builder laterInsert =
                insert.toBuilder()
                        .clearTimestamps()
                        .addAllTimestamps(Collections.nCopies(insert.getTimestampsCount(), LATER));
        laterInsert.getBaseBuilder().setTimestamp(LATER);
        Msg.DeleteRequest.Builder laterDelete =
                delete.toBuilder()
                        .clearTimestamps()
                        .addAllTimestamps(Collections.nCopies(delete.getTimestampsCount(), LATER));
        laterDelete.getBaseBuilder().setTimestamp(LATER);
        assertThat(Msg.InsertRequest.parseFrom(raised.payload())).isEqualTo(laterInsert.build());
        assertThat(
                        Msg.DeleteRequest.parseFrom(
                                Timestamps.raise(decode(delete.toByteString()), LATER).payload()))
                .isEqualTo(laterDelete.build());
        assertThat(decode(raised.payload())).isEqualTo(raised);
        assertThat(raised.timestamp()).isEqualTo(LATER);
        assertThat(raised.msgId()).isEqualTo(message.msgId());
    }

    @Test
    void setsTimestampsThatAreWrittenOneByOne() throws IOException {
        Msg.InsertRequest insert = new RandomMessages(1).insert();
        ByteString oneByOne = number(10, 1).concat(insert.toByteString()).concat(number(10, 2));

        ChannelMessage raised = Timestamps.raise(decode(oneByOne), LATER);

        assertThat(Msg.InsertRequest.parseFrom(raised.payload()).getTimestampsList())
                .hasSize(insert.getTimestampsCount() + 2)
                .containsOnly(LATER);
    }

    @Test
    void setsOnlyTheBaseOfOtherTypes() throws IOException {
        Msg.CreateCollectionRequest create =
                Msg.CreateCollectionRequest.newBuilder()
                        .setBase(new RandomMessages(1).base(MsgType.CreateCollection, 5))
                        .setCollectionID(7)
                        .addPhysicalChannelNames("by-dev-rootcoord-dml_3")
                        .build();

        Msg.CreateCollectionRequest raised =
                Msg.CreateCollectionRequest.parseFrom(
                        Timestamps.raise(decode(create.toByteString()), LATER).payload());

        assertThat(raised.getBase().getTimestamp()).isEqualTo(LATER);
        assertThat(raised.toBuilder().setBase(create.getBase()).build()).isEqualTo(create);
    }

    @Test
    void survivesRewriting() throws IOException {
        Msg.DeleteRequest delete = new RandomMessages(1).delete();
        RouteTarget target = new RouteTarget(77, 88, "standby_77v0", "", "", "");

        ByteString rewritten =
                MessageRewriter.rewrite(
                        Timestamps.raise(decode(delete.toByteString()), LATER),
                        MessageRewriter.suffix(MsgType.Delete_VALUE, target));

        Msg.DeleteRequest parsed = Msg.DeleteRequest.parseFrom(rewritten);
        assertThat(parsed.getShardName()).isEqualTo("standby_77v0");
        assertThat(parsed.getTimestampsList()).containsOnly(LATER);
        assertThat(parsed.getPrimaryKeys()).isEqualTo(delete.getPrimaryKeys());
    }

    @Test
    void timestampsThatAreBrokenAreNotDecoded() {
        ByteString broken = ByteString.copyFrom(new byte[] {10 << 3 | 2, 2, -1, -1});
        ByteString insert = new RandomMessages(1).insert().toByteString();

        assertThatExceptionOfType(UndecodableMessageException.class)
                .isThrownBy(() -> decode(insert.concat(broken)));
    }

    @Test
    void writesATimeTickThatMilvusReads() throws IOException {
        ByteString tick = TimeTicks.message(LATER);

        Msg.TimeTickMsg parsed = Msg.TimeTickMsg.parseFrom(tick);

        assertThat(parsed.getBase().getMsgType()).isEqualTo(MsgType.TimeTick);
        assertThat(parsed.getBase().getTimestamp()).isEqualTo(LATER);
        assertThat(decode(tick).type()).isEqualTo(1200);
    }

    private static ChannelMessage decode(ByteString payload) {
        return MessageDecoder.decode(
                "by-dev-rootcoord-dml_3", MqPosition.ofKafkaOffset(42), payload);
    }

    private static ByteString number(int field, long value) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeUInt64(field, value);
        out.flush();
        return bytes.toByteString();
    }
}

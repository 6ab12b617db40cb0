// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.List;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;

final class ChannelPositionTest {

    @Test
    void writesAKafkaOffsetAsEightBytesLittleEndian() {
        ByteString id = MqMessageIds.KAFKA.encode(MqPosition.ofKafkaOffset(0x0102_0304L));

        assertThat(id).isEqualTo(ByteString.copyFrom(new byte[] {4, 3, 2, 1, 0, 0, 0, 0}));
        assertThat(MqMessageIds.KAFKA.decode(id)).isEqualTo(new MqPosition(0, 0x0102_0304L));
    }

    @Test
    void refusesBytesThatAreNoKafkaOffset() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MqMessageIds.KAFKA.decode(ByteString.copyFromUtf8("1234567")))
                .withMessageContaining("has 8 bytes, this one 7");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                MqMessageIds.KAFKA.decode(
                                        ByteString.copyFrom(
                                                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1})))
                .withMessageContaining("not negative, this one is -1");
    }

    @Test
    void writesTheTextThatMilvusTakes() {
        ChannelPosition position =
                new ChannelPosition("by-dev-rootcoord-dml_0", MqPosition.ofKafkaOffset(42), 9);

        String text = position.toBase64(MqMessageIds.KAFKA);

        assertThat(text).isEqualTo("ChZieS1kZXYtcm9vdGNvb3JkLWRtbF8wEggqAAAAAAAAACAJ");
        assertThat(ChannelPosition.ofBase64(text, MqMessageIds.KAFKA)).isEqualTo(position);
    }

    @Test
    void readsThePositionOfANewerMilvus() {
        Msg.MsgPosition newer =
                Msg.MsgPosition.newBuilder()
                        .setChannelName("c")
                        .setMsgID(MqMessageIds.KAFKA.encode(MqPosition.ofKafkaOffset(3)))
                        .setMsgGroup("group")
                        .setWALNameValue(77)
                        .build();

        assertThat(
                        ChannelPosition.ofBase64(
                                Base64.getEncoder().encodeToString(newer.toByteArray()),
                                MqMessageIds.KAFKA))
                .isEqualTo(new ChannelPosition("c", MqPosition.ofKafkaOffset(3), 0));
    }

    @Test
    void saysWhyATextIsNoPosition() {
        assertRefused("no base64!", "Illegal base64 character");
        assertRefused("CAk", "has 8 bytes, this one 0");
        assertRefused("////", "of no MsgPosition");
        assertRefused("", "has 8 bytes, this one 0");
    }

    private static void assertRefused(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelPosition.ofBase64(text, MqMessageIds.KAFKA))
                .withMessageContaining("position '" + text + "'")
                .withMessageContaining(why);
    }

    @Test
    void readsPulsarIdsAsAllVersionsOfMilvusWriteThem() {
        MqPosition position = new MqPosition(300, 7);
        // ledgerId, entryId, partition 0, batch_index 0
        ByteString old = bytes(0x08, 0xAC, 0x02, 0x10, 0x07, 0x18, 0x00, 0x20, 0x00);

        assertThat(MqMessageIds.PULSAR.encode(position)).isEqualTo(old);
        assertThat(MqMessageIds.PULSAR.decode(old)).isEqualTo(position);
        ByteString withBatchSize = old.concat(bytes(0x30, 0x01));
        assertThat(MqMessageIds.PULSAR.decode(withBatchSize)).isEqualTo(position);
        ByteString withoutIndex = bytes(0x08, 0xAC, 0x02, 0x10, 0x07);
        assertThat(MqMessageIds.PULSAR.decode(withoutIndex)).isEqualTo(position);
        ByteString minusOne = bytes(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01);
        ByteString asJavaWrites =
                withoutIndex.concat(bytes(0x18)).concat(minusOne).concat(bytes(0x20));
        assertThat(MqMessageIds.PULSAR.decode(asJavaWrites.concat(minusOne))).isEqualTo(position);
    }

    @Test
    void refusesWhatIsNoPulsarId() {
        ByteString insideABatch = bytes(0x08, 0x01, 0x10, 0x07, 0x20, 0x03);
        for (ByteString id : List.of(bytes(0x08, 0x01), bytes(0xFF), bytes(), insideABatch)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MqMessageIds.PULSAR.decode(id))
                    .withMessageContaining("check that the position is of");
        }
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.Test;

final class WireMessagesTest {

    private static final long TSO = 470_613_040_085_336_067L;
    private static final WireMessages WIRE =
            new WireMessages("by-dev-rootcoord-dml_3_77v1", 77, "documents", 78, 8);

    @Test
    void insertIsDecodedToWhatItWasMadeOf() {
        ChannelMessage message = decode(WIRE.insert(5, TSO, WIRE.columns(1, 3), 3));

        assertThat(message.type()).isEqualTo(MsgType.Insert_VALUE);
        assertThat(message.timestamp()).isEqualTo(TSO);
        assertThat(message.msgId()).isEqualTo(5);
        assertThat(message.collectionId()).isEqualTo(77);
        assertThat(message.partitionId()).isEqualTo(78);
        assertThat(message.vchannel()).isEqualTo("by-dev-rootcoord-dml_3_77v1");
        assertThat(message.partitionName()).isEqualTo("_default");
        assertThat(message.rows()).isEqualTo(3);
    }

    @Test
    void insertHasAValueOfEveryColumnForEveryRow() throws Exception {
        Msg.InsertRequest insert =
                Msg.InsertRequest.parseFrom(WIRE.insert(5, TSO, WIRE.columns(1, 3), 3));

        assertThat(insert.getRowIDsList()).containsExactly(6L, 7L, 8L);
        assertThat(insert.getTimestampsList()).hasSize(3);
        assertThat(insert.getFieldsData(0).getScalars().getLongData().getDataList())
                .containsExactly(1L, 2L, 3L);
        assertThat(insert.getFieldsData(1).getVectors().getFloatVector().getDataList())
                .hasSize(3 * 8);
    }

    @Test
    void deleteIsFromAllPartitions() {
        ChannelMessage message = decode(WIRE.delete(5, TSO, 1, 3));

        assertThat(message.type()).isEqualTo(MsgType.Delete_VALUE);
        assertThat(message.partitionId()).isEqualTo(-1);
        assertThat(message.rows()).isEqualTo(3);
    }

    @Test
    void tickHasItsTimestamp() {
        ChannelMessage message = decode(WireMessages.tick(TSO));

        assertThat(message.type()).isEqualTo(MsgType.TimeTick_VALUE);
        assertThat(message.timestamp()).isEqualTo(TSO);
    }

    private static ChannelMessage decode(byte[] payload) {
        return MessageDecoder.decode("by-dev-rootcoord-dml_3", new MqPosition(0, 0), payload);
    }
}

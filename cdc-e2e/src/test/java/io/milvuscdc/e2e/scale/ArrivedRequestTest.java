// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvuscdc.e2e.workload.WireMessages;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

final class ArrivedRequestTest {

    private static final WireMessages WIRE =
            new WireMessages("by-dev-rootcoord-dml_3_77v1", 77, "documents", 78, 8);

    @Test
    void countsWhatARequestBrings() {
        byte[] insert = WIRE.insert(5, 6, WIRE.columns(1, 3), 3);

        TargetCounts counts =
                parse(
                        ReplicateMessageRequest.newBuilder()
                                .setBase(MsgBase.newBuilder().setTimestamp(6))
                                .setChannelName("target-rootcoord-dml_0")
                                .addMsgs(ByteString.copyFrom(insert))
                                .addMsgs(ByteString.copyFrom(WIRE.delete(7, 8, 1, 3)))
                                .addMsgs(ByteString.copyFrom(insert))
                                .addMsgs(ByteString.copyFrom(WireMessages.tick(9)))
                                .setEndTs(9)
                                .build());

        assertThat(counts).isEqualTo(new TargetCounts(1, 2, 2L * insert.length, 1));
    }

    @Test
    void refusesWhatIsNoMessageOfMilvus() {
        ReplicateMessageRequest request =
                ReplicateMessageRequest.newBuilder()
                        .addMsgs(ByteString.copyFromUtf8("not one"))
                        .build();

        assertThatThrownBy(() -> parse(request))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("no ReplicateMessageRequest");
    }

    @Test
    void countsGoByJsonAsTheyAre() {
        TargetCounts counts = new TargetCounts(1, 2, 3, 4);

        assertThat(TargetCounts.parse(counts.json())).isEqualTo(counts);
    }

    private static TargetCounts parse(ReplicateMessageRequest request) {
        return new ArrivedRequest().parse(new ByteArrayInputStream(request.toByteArray()));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WaitingRoomTest {

    private static final int MEBIBYTE = 1 << 20;

    private WaitingRoom waiting = new WaitingRoom(16L << 30);

    @Test
    void readingSlowsDownTheMoreWaits() {
        fill(64);
        assertThat(waiting.pauseNanos(8_000_000)).isZero();

        fill(1);
        assertThat(waiting.pauseNanos(8_000_000)).isEqualTo(TimeUnit.SECONDS.toNanos(1));

        fill(8);
        assertThat(waiting.pauseNanos(8_000_000)).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void aSmallHeapIsCrowdedSooner() {
        waiting = new WaitingRoom(512L << 20);
        fill(16);
        assertThat(waiting.pauseNanos(8_000_000)).isZero();

        fill(1);
        assertThat(waiting.pauseNanos(8_000_000)).isEqualTo(TimeUnit.SECONDS.toNanos(1));

        fill(2);
        assertThat(waiting.pauseNanos(8_000_000)).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void aPauseLetsCheckpointBarriersThrough() {
        fill(400);

        assertThat(waiting.pauseNanos(MEBIBYTE)).isEqualTo(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void aDropThatMayPassOthersButHasToWaitKeepsThemWaiting() throws Exception {
        waiting.add(SourceMessages.insertInto(SourceMessages.P0, 1, 444, 2, "p", 1, 1_500));
        waiting.add(SourceMessages.dropPartition(SourceMessages.P0, 2, 444, 1, "p", 1_600));

        // the answer comes between the two
        waiting.retry(message -> message.type() != MsgType.DropPartition_VALUE);
        assertThat(waiting.messages()).hasSize(2);

        waiting.retry(message -> true);
        assertThat(waiting.isEmpty()).isTrue();
    }

    private void fill(int mebibytes) {
        ByteString payload = ByteString.copyFrom(new byte[MEBIBYTE]);
        for (int i = 0; i < mebibytes; i++) {
            waiting.add(
                    new ChannelMessage(
                            SourceMessages.P0,
                            new MqPosition(0, i),
                            MsgType.Insert_VALUE,
                            100,
                            i,
                            1,
                            2,
                            "v0",
                            "_default",
                            1,
                            payload));
        }
    }
}

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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

        assertThat(waiting.pauseNanos(5 * MEBIBYTE)).isEqualTo(TimeUnit.SECONDS.toNanos(150));
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 157, 43",
        "1048576, 161, 58",
        "2097152, 176, 80",
        "5242880, 240, 150",
    })
    void whatWaitsAfterAnHourIsBoundedWhateverTheSizeOfMessages(
            int messageBytes, long mebibytes, long ofSmallHeap) {
        assertThat(bytesAfterAnHour(messageBytes))
                .isBetween(mebibytes << 20, (mebibytes + 1) << 20);

        waiting = new WaitingRoom(512L << 20);
        assertThat(bytesAfterAnHour(messageBytes))
                .isBetween(ofSmallHeap << 20, (ofSmallHeap + 1) << 20);
    }

    @Test
    void aMinuteOfOrdinaryTrafficIsNotSlowedDown() {
        ChannelMessage message = message(0, ByteString.copyFrom(new byte[1 << 16]));
        long paused = 0;
        for (int i = 0; i < 60 * 16; i++) {
            waiting.add(message);
            paused += waiting.pauseNanos(1 << 16);
        }

        assertThat(paused).as("at 1 MiB/s").isZero();
    }

    @Test
    @Timeout(30)
    void aPauseIsOverOnceThereIsRoom() throws Exception {
        fill(400);
        assertThat(waiting.pauseNanos(MEBIBYTE)).isEqualTo(TimeUnit.SECONDS.toNanos(150));

        waiting.pause(MEBIBYTE, () -> waiting.retry(message -> true));

        assertThat(waiting.isEmpty()).isTrue();
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

    /** Of a source that always has a next message. */
    private long bytesAfterAnHour(int messageBytes) {
        ChannelMessage message = message(0, ByteString.copyFrom(new byte[messageBytes]));
        long nanos = 0;
        while (nanos < TimeUnit.HOURS.toNanos(1)) {
            waiting.add(message);
            nanos += waiting.pauseNanos(messageBytes);
        }
        return waiting.bytes();
    }

    private void fill(int mebibytes) {
        ByteString payload = ByteString.copyFrom(new byte[MEBIBYTE]);
        for (int i = 0; i < mebibytes; i++) {
            waiting.add(message(i, payload));
        }
    }

    private static ChannelMessage message(int number, ByteString payload) {
        return new ChannelMessage(
                SourceMessages.P0,
                new MqPosition(0, number),
                MsgType.Insert_VALUE,
                100,
                number,
                1,
                2,
                "v0",
                "_default",
                1,
                payload);
    }
}

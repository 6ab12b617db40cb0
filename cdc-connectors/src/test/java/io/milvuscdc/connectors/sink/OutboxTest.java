// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.TargetException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class OutboxTest {

    private static final RetryPolicy QUICK =
            new RetryPolicy(
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1));

    private final ApplierDouble target = new ApplierDouble();
    private final Map<String, LongSupplier> lanes = new ConcurrentHashMap<>();
    private final Outbox outbox = new Outbox(target, QUICK, 10_000, 100_000, lanes::put);

    @Test
    void keepsOneRequestUnderWayPerPchannelAndCollectsTheRest() throws Exception {
        target.hold();
        for (int row = 1; row <= 5; row++) {
            add("p0", row);
        }
        add("p1", 6);
        assertThat(target.requestSizes()).containsExactly(1, 1);

        target.answerOne();
        assertThat(target.requestSizes()).containsExactly(1, 1, 4);
    }

    @Test
    void keepsWhereTheTargetSaysThatTheLastMessagesStand() throws Exception {
        add("p0", 1);
        add("p0", 2);
        add("p1", 3);
        outbox.awaitAcknowledged();
        assertThat(outbox.places()).isEqualTo(Map.of("p0", "p0@2", "p1", "p1@3"));

        target.hold();
        add("p1", 4);
        target.answerOne();
        outbox.awaitAcknowledged();
        assertThat(outbox.places()).as("it doesn't say").containsEntry("p1", "p1@3");
    }

    @Test
    void sendsTheSameMessagesAgainAndNothingNewerInBetween() throws Exception {
        target.failNext(again());
        target.failNext(again());
        add("p0", 1);
        add("p0", 2);
        outbox.awaitAcknowledged();

        assertThat(target.rows(MsgType.Insert)).containsExactly(1L, 1L, 1L, 2L);
        assertThat(outbox.sentAgain()).isEqualTo(2);
        assertThat(lanes.get("p0").getAsLong()).isEqualTo(2);
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void acknowledgesARepetitionOnlyAfterTheFirstAttemptHasSettled() throws Exception {
        RetryPolicy neverSettles =
                new RetryPolicy(
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(30),
                        Duration.ofDays(1));
        Outbox slow = new Outbox(target, neverSettles, 10_000, 100_000, (lane, again) -> {});
        target.failNext(again());
        slow.add("p0", payload(1), 1);
        while (target.rows(MsgType.Insert).size() < 2) {
            Thread.onSpinWait();
        }

        slow.add("p0", payload(2), 2);
        assertThat(target.rows(MsgType.Insert)).containsExactly(1L, 1L);
        assertThat(slow.pendingBytes()).isPositive();
    }

    @Test
    void aFatalAnswerReachesTheWriter() throws Exception {
        target.failNext(new FatalTargetException("the target is a normal instance"));
        add("p0", 1);

        assertThatThrownBy(outbox::awaitAcknowledged)
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("normal instance");
    }

    @Test
    void givesUpAfterItsTimeWithTheTargetsWords() throws Exception {
        RetryPolicy noTime =
                new RetryPolicy(
                        Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO, Duration.ZERO);
        Outbox hurried = new Outbox(target, noTime, 10_000, 100_000, (lane, again) -> {});
        target.failNext(again());
        hurried.add("p0", payload(1), 1);

        assertThatThrownBy(hurried::awaitAcknowledged).hasMessageContaining("not ready");
    }

    private void add(String pchannel, long msgId) throws Exception {
        outbox.add(pchannel, payload(msgId), msgId);
    }

    private static ByteString payload(long msgId) {
        ChannelMessage row = SourceMessages.insert(SourceMessages.P0, 0, 444, msgId, 1_000 + msgId);
        return row.payload();
    }

    private static TargetException again() {
        return TargetException.retry("the target is not ready");
    }
}

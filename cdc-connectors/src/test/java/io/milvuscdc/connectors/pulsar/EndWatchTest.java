// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.Test;

/**
 * The last message of a quiet channel is 7:12; a TTL of three days takes it, and then its ledger.
 */
final class EndWatchTest {

    private static final String CHANNEL = "by-dev-replicate-msg";
    private static final ReadPosition READ = new ReadPosition(7, 12, 1);
    private static final MqPosition HELD = new MqPosition(7, 11);
    private static final MqPosition EXPIRED = new MqPosition(7, 12);
    private static final MqPosition IN_NEXT_LEDGER = new MqPosition(9, -1);
    private static final MqPosition MADE_ANEW = new MqPosition(20, -1);

    private long now = 1_700_000_000_000L;
    private ChannelTail tail;
    private final EndWatch watch =
            new EndWatch(
                    channel ->
                            tail == null
                                    ? CompletableFuture.failedFuture(new IllegalStateException())
                                    : CompletableFuture.completedFuture(tail),
                    () -> now);

    @Test
    void aLastMessageThatExpiredWhileNothingFollowedIsNoLoss() {
        watchItExpire();

        assertThat(missedNothing(message(20, 0), EXPIRED)).isTrue();
        assertThat(missedNothing(null, EXPIRED)).isTrue();
    }

    @Test
    void theSubscriptionThatHasNotMovedHoldsEverythingHoweverLongTheTaskWasAway() {
        watchItExpire();
        pass(Duration.ofDays(30));

        assertThat(missedNothing(message(20, 0), EXPIRED)).isTrue();
    }

    @Test
    void withoutThatNothingIsMissedForAsLongAsTheLastMessageHadBeenSpared() {
        watchItExpire();
        pass(Duration.ofDays(2));
        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isTrue();
        assertThat(missedNothing(null, IN_NEXT_LEDGER)).isTrue();
        pass(Duration.ofDays(4));

        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isFalse();
        assertThat(missedNothing(null, IN_NEXT_LEDGER)).isFalse();
    }

    @Test
    void whatWasOldWhenTheTaskBeganTellsByTheRetention() {
        look(message(7, 12), HELD);
        pass(Duration.ofMinutes(2));
        look(message(7, 12), EXPIRED);
        pass(Duration.ofDays(4));
        look(message(7, 12), EXPIRED);
        look(null, EXPIRED);
        pass(Duration.ofDays(3));
        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isTrue();
        pass(Duration.ofDays(1));

        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isFalse();
    }

    @Test
    void anEmptyChannelGoesOnBeingSeenAtItsEnd() {
        watchItExpire();
        for (int day = 0; day < 10; day++) {
            pass(Duration.ofDays(1));
            look(null, IN_NEXT_LEDGER);
        }

        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isTrue();
    }

    @Test
    void aBrokerThatDoesNotAnswerLeavesWhatWasKnownToGetOld() {
        watchItExpire();
        tail = null;
        for (int day = 0; day < 4; day++) {
            pass(Duration.ofDays(1));
            watch.look(Map.of(CHANNEL, READ));
        }

        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isFalse();
    }

    @Test
    void aMessageThatWasStillHeldMayHaveTakenOthersWithItWhenItIsGone() {
        look(message(7, 12), HELD);
        pass(Duration.ofDays(2));
        look(message(7, 12), HELD);
        pass(Duration.ofMinutes(1));

        assertThat(missedNothing(message(20, 0), MADE_ANEW)).isFalse();
        assertThat(missedNothing(message(20, 0), EXPIRED)).isTrue();
    }

    @Test
    void aSubscriptionThatIsAheadOfWhatIsThereHasLostMore() {
        watchItExpire();

        assertThat(missedNothing(message(20, 0), new MqPosition(20, 5))).isFalse();
        assertThat(missedNothing(message(20, 3), MADE_ANEW)).isFalse();
        assertThat(missedNothing(message(3, 0), new MqPosition(3, -1))).isFalse();
    }

    @Test
    void whatWasNotSeenAtItsEndIsALoss() {
        assertThat(missedNothing(message(20, 0), EXPIRED)).isFalse();
        look(message(7, 13), HELD);
        assertThat(missedNothing(message(20, 0), EXPIRED)).isFalse();
        look(null, EXPIRED);
        assertThat(missedNothing(message(20, 0), EXPIRED)).isFalse();
    }

    @Test
    void isOfTheMessageThatWasReadLast() {
        watchItExpire();
        SeenEnd known = watch.of(CHANNEL, Optional.of(READ)).orElseThrow();

        assertThat(watch.of(CHANNEL, Optional.of(new ReadPosition(7, 13, 1)))).isEmpty();
        assertThat(watch.of(CHANNEL, Optional.empty())).isEmpty();
        EndWatch restored = new EndWatch(channel -> null, () -> now);
        restored.restore(CHANNEL, known);
        assertThat(restored.of(CHANNEL, Optional.of(READ))).contains(known);
    }

    @Test
    void asksOnceAMinute() {
        look(message(7, 12), HELD);
        long first = now;
        pass(Duration.ofSeconds(30));
        watch.look(Map.of(CHANNEL, READ));

        assertThat(watch.of(CHANNEL, Optional.of(READ))).contains(SeenEnd.first(READ, first));
    }

    private void watchItExpire() {
        look(message(7, 12), HELD);
        pass(Duration.ofDays(3));
        look(message(7, 12), HELD);
        pass(Duration.ofMinutes(5));
        look(message(7, 12), EXPIRED);
        pass(Duration.ofMinutes(5));
        look(null, EXPIRED);
    }

    private void pass(Duration time) {
        now += time.toMillis();
    }

    private void look(MessageIdAdv last, MqPosition taken) {
        pass(Duration.ofMinutes(1));
        tail = new ChannelTail(Optional.ofNullable(last), Optional.of(taken));
        watch.look(Map.of(CHANNEL, READ));
    }

    /** Asked as a restart of now would, without consequences. */
    private boolean missedNothing(MessageId first, MqPosition taken) {
        EndWatch asked = new EndWatch(channel -> null, () -> now);
        watch.of(CHANNEL, Optional.of(READ)).ifPresent(end -> asked.restore(CHANNEL, end));
        return asked.missedNothing(
                CHANNEL,
                READ,
                Optional.ofNullable(first),
                new ChannelTail(Optional.empty(), Optional.of(taken)));
    }

    private static MessageIdAdv message(long ledger, long entry) {
        return new MessageIdImpl(ledger, entry, -1);
    }
}

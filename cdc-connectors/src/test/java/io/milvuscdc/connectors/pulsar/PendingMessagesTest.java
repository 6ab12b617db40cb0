// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.TopicMessageId;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.Test;

final class PendingMessagesTest {

    private CompletableFuture<List<TopicMessageId>> answer = last(-1, -1);
    private Optional<ReadPosition> read = Optional.empty();
    private final PendingMessages pending = new PendingMessages(channel -> answer);

    @Test
    void anEmptyChannelHasNone() {
        pending.follow("c", () -> read);
        assertThat(count()).isZero();
    }

    @Test
    void countsWhatIsBehindTheReadPositionInTheSameLedger() {
        pending.follow("c", () -> read);
        answer = last(7, 9);
        assertThat(count()).isEqualTo(10);
        read = Optional.of(new ReadPosition(7, 3, 1));
        assertThat(count()).isEqualTo(6);
        read = Optional.of(new ReadPosition(7, 9, 1));
        assertThat(count()).isZero();
    }

    @Test
    void addsTheLedgersThatItHasSeen() {
        pending.follow("c", () -> read);
        read = Optional.of(new ReadPosition(7, 3, 1));
        answer = last(7, 9);
        assertThat(count()).isEqualTo(6);
        answer = last(12, 4);
        assertThat(count()).isEqualTo(11);
        read = Optional.of(new ReadPosition(12, 0, 1));
        assertThat(count()).isEqualTo(4);
    }

    @Test
    void isNeverNegativeWhenReadingIsAheadOfTheAnswer() {
        pending.follow("c", () -> read);
        answer = last(7, 3);
        read = Optional.of(new ReadPosition(7, 8, 1));
        assertThat(count()).isZero();
        read = Optional.of(new ReadPosition(9, 8, 1));
        assertThat(count()).isZero();
    }

    @Test
    void keepsWhatItKnowsWhileTheBrokerDoesNotAnswer() {
        pending.follow("c", () -> read);
        answer = last(7, 9);
        count();
        answer = CompletableFuture.failedFuture(new IOException("not now"));
        assertThat(count()).isEqualTo(10);
    }

    /** Asks twice: the first question asks the broker. */
    private long count() {
        pending.count();
        return pending.count();
    }

    private static CompletableFuture<List<TopicMessageId>> last(long ledger, long entry) {
        return CompletableFuture.completedFuture(
                List.of(TopicMessageId.create("c", new MessageIdImpl(ledger, entry, -1))));
    }
}

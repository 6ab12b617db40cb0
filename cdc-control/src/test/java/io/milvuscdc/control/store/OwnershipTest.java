// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.testutils.Await;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who may change the store, and since when no longer. */
final class OwnershipTest {

    private static final Duration TTL = Duration.ofMillis(600);

    private final AtomicInteger losses = new AtomicInteger();
    private final LeaseDouble lease = new LeaseDouble();

    @Test
    void waitsForAnotherOwnerAndThenOwns() throws Exception {
        lease.takesUntilFree = 2;
        try (Ownership ownership = await()) {
            assertThat(lease.takes).hasValue(3);
            ownership.check();
        }
        assertThat(lease.releases).hasValue(1);
    }

    @Test
    void aStoreThatDoesNotAnswerYetIsAskedAgain() throws Exception {
        lease.awayFor = 2;
        try (Ownership ownership = await()) {
            assertThat(lease.takes).hasValue(1);
            ownership.check();
        }
    }

    @Test
    void aStoreThatRefusesIsNotAskedAgain() {
        lease.refusal = "wrong login";
        assertThatThrownBy(this::await).hasMessage("wrong login");
    }

    @Test
    void ownsForAsLongAsItRenews() throws Exception {
        try (Ownership ownership = await()) {
            Await.until("the lease is renewed many times", () -> lease.renewals.get() > 10);
            assertThatCode(ownership::check).doesNotThrowAnyException();
            assertThat(losses).hasValue(0);
        }
    }

    @Test
    void aLeaseThatSomebodyElseHasIsLostAtOnceAndNotGivenBack() throws Exception {
        try (Ownership ownership = await()) {
            lease.state = LeaseDouble.State.TAKEN;
            Await.until("the loss is told", () -> losses.get() == 1);
            assertThatThrownBy(ownership::check).hasMessageContaining("no longer owns the lease");
        }
        assertThat(losses).hasValue(1);
        assertThat(lease.releases).hasValue(0);
    }

    @Test
    void aLeaseThatCantBeRenewedInTimeIsLost() throws Exception {
        try (Ownership ownership = await()) {
            lease.state = LeaseDouble.State.AWAY;
            Await.until("the loss is told", () -> losses.get() == 1);
            assertThatThrownBy(ownership::check).hasMessageContaining("no longer owns the lease");
        }
    }

    @Test
    void aLeaseWhoseRenewalIsNotAnsweredIsLostMeanwhile() throws Exception {
        try (Ownership ownership = await()) {
            lease.state = LeaseDouble.State.HANGS;
            Await.until("the loss is told", () -> losses.get() == 1);
            assertThat(lease.answer.getCount()).as("renewals still wait").isEqualTo(1);
            assertThatThrownBy(ownership::check).hasMessageContaining("no longer owns the lease");
            lease.answer.countDown();
        }
        assertThat(losses).hasValue(1);
        assertThat(lease.releases).hasValue(0);
    }

    private Ownership await() throws Exception {
        return Ownership.await(lease, TTL, losses::incrementAndGet);
    }

    /** A lease that does as it's told. */
    private static final class LeaseDouble implements StoreLease {

        enum State {
            HELD,
            TAKEN,
            AWAY,
            HANGS
        }

        private final AtomicInteger takes = new AtomicInteger();
        private final AtomicInteger renewals = new AtomicInteger();
        private final AtomicInteger releases = new AtomicInteger();
        private final CountDownLatch answer = new CountDownLatch(1);
        private volatile State state = State.HELD;
        private int takesUntilFree;
        private int awayFor;
        private String refusal = "";

        @Override
        public Optional<String> take() throws StoreException {
            if (!refusal.isEmpty()) {
                throw new StoreException(refusal);
            }
            if (awayFor-- > 0) {
                throw StoreException.passing("away", null);
            }
            return takes.incrementAndGet() > takesUntilFree
                    ? Optional.empty()
                    : Optional.of("somebody");
        }

        @Override
        public boolean renew() throws StoreException {
            if (state == State.AWAY) {
                throw StoreException.passing("away", null);
            }
            if (state == State.HANGS) {
                awaitAnswer();
            }
            renewals.incrementAndGet();
            return state == State.HELD;
        }

        private void awaitAnswer() {
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void release() {
            releases.incrementAndGet();
        }

        @Override
        public String describe() {
            return "the lease";
        }
    }
}

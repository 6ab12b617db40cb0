// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FeedClaimTest {

    private static final Feeder TASK = new Feeder("t", "control plane A", "j1", "writer-0");
    private static final Feeder ITS_COMMITTER =
            new Feeder("t", "control plane A", "j1", "committer-0");
    private static final Feeder ITS_NEXT_RUN = new Feeder("t", "control plane A", "j2", "writer-0");
    private static final Feeder BY_HAND = new Feeder("t", "", "j3", "writer-0");
    private static final Feeder OTHER_PLANE = new Feeder("t", "control plane B", "j4", "writer-0");

    private final BoardDouble board = new BoardDouble();
    private long now = 1;

    @Test
    void whoComesFirstHasItAndSoHaveAllOfItsJob() throws Exception {
        FeedClaim first = claim(TASK);
        assertThat(first.isHeld()).isFalse();
        first.step();
        assertThat(first.isHeld()).isTrue();
        assertThat(held(ITS_COMMITTER).isHeld()).isTrue();
    }

    @Test
    void aSecondJobIsRefusedThoughItsTaskHasTheSameId() throws Exception {
        held(TASK);
        for (Feeder second : new Feeder[] {BY_HAND, OTHER_PLANE}) {
            FeedClaim claim = claim(second);
            claim.step();
            assertThat(claim.isHeld()).isFalse();
            pass(15);
            claim.step();
            pass(1);
            assertThatThrownBy(claim::step)
                    .isInstanceOf(FeedingRefusedException.class)
                    .hasMessageContaining("milvus:19530 is fed by another job from this source")
                    .hasMessageContaining("task t of the control plane A (Flink job j1, writer-0)");
        }
        assertThat(board.puts()).as("who waits doesn't disturb").isEqualTo(1);
        assertThat(board.owners()).containsExactly(TASK.owner());
    }

    @Test
    void whoWaitsGetsItWhenTheOtherOnesNoteHasVanished() throws Exception {
        held(BY_HAND);
        FeedClaim next = claim(TASK);
        next.step();
        pass(12);
        next.step();
        board.lapse(BY_HAND);
        next.step();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void theNextRunOfAControlPlanesTaskNeverWaitsForAKilledOne() throws Exception {
        held(TASK);
        held(ITS_COMMITTER);
        FeedClaim next = claim(ITS_NEXT_RUN);
        next.step();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void itIsGivenBackAtTheEnd() throws Exception {
        held(TASK).release();
        assertThat(board.owners()).isEmpty();
        assertThat(held(BY_HAND).isHeld()).isTrue();
    }

    @Test
    void itEndsByItselfBeforeOthersMayHaveItAndGoesOnWhenItIsRenewed() throws Exception {
        FeedClaim claim = held(TASK);
        pass(7);
        assertThat(claim.isHeld()).isTrue();
        pass(1);
        assertThat(claim.isHeld()).isFalse();
        claim.step();
        assertThat(claim.isHeld()).isTrue();
    }

    @Test
    void aRunWhoseProcessStoodStillEndsThoughItsNoteIsThere() throws Exception {
        FeedClaim claim = held(TASK);
        pass(9);
        assertThatThrownBy(claim::step)
                .isInstanceOf(SupersededException.class)
                .hasMessageStartingWith("This process stood still for 9 s");
        assertThat(claim.isHeld()).isFalse();
    }

    @Test
    void anEtcdThatIsSlowIsNotTakenForAProcessThatStoodStill() throws Exception {
        FeedClaim claim = held(TASK);
        board.setAway(true);
        for (int second = 0; second < 60; second += 5) {
            pass(5);
            assertThatThrownBy(claim::step).isInstanceOf(SourceUnreachableException.class);
            assertThat(claim.isHeld()).isEqualTo(second == 0);
        }
        board.setAway(false);
        pass(5);
        claim.step();
        assertThat(claim.isHeld()).isTrue();
    }

    @Test
    void aNoteThatIsLostIsPutUpAgainUnlessAnotherJobHasComeMeanwhile() throws Exception {
        FeedClaim claim = held(TASK);
        board.setAway(true);
        assertThatThrownBy(claim::step).isInstanceOf(SourceUnreachableException.class);
        board.lapse(TASK);
        board.setAway(false);
        claim.step();
        assertThat(claim.isHeld()).isTrue();

        board.lapse(TASK);
        held(BY_HAND);
        claim.step();
        assertThat(claim.isHeld()).isFalse();
        pass(8);
        claim.step();
        pass(8);
        assertThatThrownBy(claim::step)
                .isInstanceOf(FeedingRefusedException.class)
                .hasMessageContaining("task t by flink run (Flink job j3, writer-0)");
    }

    @Test
    void aNoteWhosePutWasNotAnsweredGivesNoRight() throws Exception {
        FeedClaim claim = claim(TASK);
        board.loseAnswerOfPut();
        assertThatThrownBy(claim::step).isInstanceOf(SourceUnreachableException.class);
        assertThat(claim.isHeld()).isFalse();
        claim.step();
        assertThat(claim.isHeld()).isTrue();
        claim.release();
        assertThat(board.owners()).isEmpty();
    }

    @Test
    void anEtcdThatComesBackGivesOthersTimeAgain() throws Exception {
        held(BY_HAND);
        FeedClaim claim = claim(TASK);
        claim.step();
        board.setAway(true);
        assertThatThrownBy(claim::step).isInstanceOf(SourceUnreachableException.class);
        pass(60);
        board.setAway(false);
        claim.step();
        pass(14);
        claim.step();
        assertThat(claim.isHeld()).isFalse();
    }

    @Test
    void aRunWhosePlaceAnotherOneHasTakenEndsButNotForGood() throws Exception {
        FeedClaim frozen = held(TASK);
        held(ITS_NEXT_RUN);
        assertThatThrownBy(frozen::step)
                .isInstanceOf(SupersededException.class)
                .isNotInstanceOf(FeedingRefusedException.class);

        FeedClaim lapsed = held(ITS_NEXT_RUN);
        board.lapse(TASK);
        held(TASK);
        assertThatThrownBy(lapsed::step).isInstanceOf(SupersededException.class);
    }

    @Test
    void whoMayNotUseTheBoardGoesOnWithoutIt() throws Exception {
        board.deny();
        FeedClaim claim = held(TASK);
        pass(3600);
        assertThat(claim.isHeld()).isTrue();
        assertThat(claim.isUnprotected()).isTrue();
        claim.release();
    }

    private FeedClaim held(Feeder feeder) throws IOException {
        FeedClaim claim = claim(feeder);
        claim.step();
        assertThat(claim.isHeld()).isTrue();
        return claim;
    }

    private FeedClaim claim(Feeder feeder) {
        return new FeedClaim(
                board.of(feeder),
                new FeedTarget("milvus:19530"),
                feeder,
                FeedClaim.Timing.DEFAULT,
                () -> now);
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}

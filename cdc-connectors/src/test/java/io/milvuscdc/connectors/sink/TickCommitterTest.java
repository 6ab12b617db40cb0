// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.target.TargetException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TickCommitterTest {

    private static final DropOperation DROP =
            new DropOperation(
                    DropOperation.Kind.COLLECTION, 900, 444, 0, 4_440, "default", "c", "", 0);

    private final ApplierDouble target = new ApplierDouble();
    private final AtomicInteger started = new AtomicInteger();
    private final List<List<Long>> told = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();
    private final FeedLeaseDouble feeding = new FeedLeaseDouble();

    @Test
    void sendsATickToEveryPchannelOnce() throws Exception {
        TickCommitter committer = committer(OptionalLong.empty());
        commit(committer, unit(1, 100));
        commit(committer, unit(2, 100));
        commit(committer, unit(3, 200));

        assertThat(target.ticks()).containsExactly(100L, 100L, 200L, 200L);
    }

    @Test
    void aRestoredUnitThatANewerOneFollowsSendsNoTickAnyMore() throws Exception {
        TickCommitter committer = committer(OptionalLong.of(8));
        commit(committer, unit(7, 100));
        assertThat(target.ticks()).isEmpty();

        commit(committer, unit(8, 200));
        assertThat(target.ticks()).containsExactly(200L, 200L);
    }

    @Test
    void aTickThatIsNotTakenIsSentAgain() throws Exception {
        target.failNext(TargetException.retry("the target is not ready"));
        commit(committer(OptionalLong.empty()), unit(1, 100));

        assertThat(target.ticks()).containsExactly(100L, 100L, 100L);
    }

    @Test
    void aTargetThatAnotherJobFeedsGetsNoTickThoughTheCheckpointIsComplete() throws Exception {
        feeding.refuse();
        TickCommitter committer = committer(OptionalLong.empty());
        assertThatThrownBy(() -> commit(committer, unit(1, 1_000)))
                .isInstanceOf(FeedingRefusedException.class);
        assertThat(target.ticks()).isEmpty();
        committer.close();
        assertThat(feeding.isClosed()).isTrue();
    }

    @Test
    void commitsGoOnWithoutTheRightToSendAsLongAsThereIsNothingToSend() throws Exception {
        TickCommitter committer = committer(OptionalLong.empty());
        commit(committer, unit(1, 1_000));
        feeding.setHeld(false);
        commit(committer, unit(2, 1_000));
        assertThatThrownBy(() -> commit(committer, unit(3, 1_001))).isInstanceOf(IOException.class);
        assertThat(target.ticks()).containsExactly(1_000L, 1_000L);
    }

    @Test
    void nothingIsDroppedNorAnyUserChangedWithoutTheRightToSend() throws Exception {
        TickCommitter committer = committer(OptionalLong.empty());
        commit(committer, unit(1, 1_000));
        CommitUnit drops = unit(2, List.of(DROP), List.of());
        CommitUnit users = unit(3, List.of(), List.of(new UserRoleOperation(1, ByteString.EMPTY)));
        feeding.setHeld(false);
        assertThatThrownBy(() -> commit(committer, drops)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> commit(committer, users)).isInstanceOf(IOException.class);
        assertThat(changed).isEmpty();

        feeding.setHeld(true);
        commit(committer, drops);
        commit(committer, users);
        assertThat(changed).containsExactly("drop of c", "user");
    }

    /** With what follows a tick that was sent before. */
    private static CommitUnit unit(
            long checkpointId, List<DropOperation> drops, List<UserRoleOperation> users) {
        return new CommitUnit(
                checkpointId,
                1_000,
                1_000,
                List.of("t-dml_1", "t-dml_2"),
                drops,
                List.of(),
                users,
                0);
    }

    @Test
    void lagIsCountedFromWhenASourceWithoutTicksWasReadToItsEnd() throws Exception {
        TickCommitter committer = committer(OptionalLong.empty());
        assertThat(committer.lagMillis()).isZero();
        commit(committer, unit(1, Tso.of(1_000, 0)));
        assertThat(committer.lagMillis()).isGreaterThan(Duration.ofDays(365).toMillis());
        long ahead = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        commit(
                committer,
                new CommitUnit(
                        2,
                        Tso.of(1_000, 0),
                        Tso.of(1_000, 0),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        ahead));
        assertThat(committer.lagMillis()).isZero();
    }

    @Test
    void metadataIsToldTheNewestTickThatWasSentBesideWhatWasRead() throws Exception {
        TickCommitter committer = committer(OptionalLong.empty());
        commit(committer, CommitUnit.ofTick(0, 90, List.of("t-dml_1")));
        commit(committer, read(1, 100));
        commit(committer, unit(2, 110));
        commit(committer, read(3, 120));

        assertThat(told)
                .containsExactly(List.of(100L, 90L), List.of(110L, 110L), List.of(120L, 110L));
    }

    /** Rows wait, or its ticks are sent ahead of it. */
    private static CommitUnit read(long checkpointId, long readTs) {
        return new CommitUnit(
                checkpointId,
                TickDecision.NONE,
                readTs,
                List.of("t-dml_1"),
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    @Test
    void aCommitterWithoutUnitsKeepsNoMetadata() throws Exception {
        TickCommitter idle = committer(OptionalLong.empty());
        idle.commit(List.of());
        idle.close();
        assertThat(started).hasValue(0);

        TickCommitter busy = committer(OptionalLong.empty());
        commit(busy, unit(1, 100));
        commit(busy, unit(2, 200));
        busy.close();
        assertThat(started).hasValue(1);
    }

    private TickCommitter committer(OptionalLong restored) {
        RetryPolicy retries =
                new RetryPolicy(
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(30),
                        Duration.ZERO);
        return new TickCommitter(
                "task",
                target,
                () -> {
                    started.incrementAndGet();
                    return new ProtocolCrashTest.NoMetadata() {
                        @Override
                        public void drop(DropOperation drop) {
                            changed.add("drop of " + drop.collection());
                        }

                        @Override
                        public void apply(UserRoleOperation operation) {
                            changed.add("user");
                        }

                        @Override
                        public void committed(
                                long readTs, long tick, List<FlushOperation> flushes) {
                            told.add(List.of(readTs, tick));
                        }
                    };
                },
                feeding,
                retries,
                Clock.systemUTC(),
                restored);
    }

    private static CommitUnit unit(long checkpointId, long tick) {
        return new CommitUnit(
                checkpointId,
                tick,
                tick,
                List.of("t-dml_1", "t-dml_2"),
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    private static void commit(TickCommitter committer, CommitUnit unit) throws Exception {
        committer.commit(List.of(new ProtocolCrashTest.UnitRequest(unit)));
    }
}

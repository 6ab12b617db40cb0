// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.TickMark;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.FakeFlink;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a coordinator's state of version 3: tick 76 is committed, p0 has it at 1:1. */
final class PositionNotesTest {

    private static final String ID = "t1";
    private static final Path COORDINATOR =
            Path.of("../cdc-connectors/src/test/resources/state/coordinator-state/v3.bin");
    private static final TickMark MARK = new TickMark(70, new MqPosition(1, 1));

    @TempDir private Path data;

    private final InMemoryTaskStore kept = new InMemoryTaskStore();
    private final CountingStore store = new CountingStore(kept);
    private FakeFlink flink = new FakeFlink();
    private long seconds;

    @Test
    void aRunningTasksPositionIsNotedEveryTenSecondsAndOnlyWhenItIsNews() throws Exception {
        starts();
        flink.checkpoint(jobId());
        PositionNotes notes = notes();
        notes.keep(task());
        assertThat(task().last()).as("nothing is committed").isEmpty();

        flink.keepInCheckpoints("coordinator", Files.readAllBytes(COORDINATOR));
        flink.checkpoint(jobId());
        seconds = 9;
        notes.keep(task());
        assertThat(task().last()).as("not due").isEmpty();
        seconds = 10;
        notes.keep(task());
        assertThat(task().last().orElseThrow().takenMillis()).isEqualTo(10_000);
        assertThat(task().last().orElseThrow().committed().tick()).isEqualTo(76);
        assertThat(task().last().orElseThrow().committed().marks()).isEqualTo(Map.of("p0", MARK));

        seconds = 20;
        notes.keep(task());
        assertThat(task().last().orElseThrow().takenMillis()).as("no news").isEqualTo(10_000);
    }

    @Test
    void aNoteNeverGoesBack() {
        LastPosition later = last(90);
        assertThat(Tasks.running(ID).with(later).with(last(80)).last()).contains(later);
        assertThat(Tasks.running(ID).with(last(80)).with(later).last()).contains(later);
    }

    @Test
    void aStoreThatIsAwayIsLeftAloneForAMinuteAndTheTaskGoesOn() throws Exception {
        starts();
        flink.keepInCheckpoints("coordinator", Files.readAllBytes(COORDINATOR));
        flink.checkpoint(jobId());
        PositionNotes notes = notes();
        store.away = true;
        store.calls.set(0);
        for (seconds = 100; seconds < 160; seconds += 10) {
            notes.keep(task());
        }
        assertThat(store.calls).hasValue(1);
        store.away = false;
        notes.keep(task());
        assertThat(task().last()).isPresent();
    }

    @Test
    void whatStopsATaskNotesItsLastPosition() throws Exception {
        starts();
        flink.keepInCheckpoints("coordinator", Files.readAllBytes(COORDINATOR));
        kept.update(ID, task -> task.wanted(DesiredState.PAUSED, "by hand"));
        reconciler().step(ID);
        assertThat(flink.active()).isEmpty();
        assertThat(task().last().orElseThrow().committed().tick()).isEqualTo(76);
    }

    @Test
    void theLastPositionOutlivesTheLossOfAllCheckpoints() throws Exception {
        starts();
        flink.keepInCheckpoints("coordinator", Files.readAllBytes(COORDINATOR));
        flink.checkpoint(jobId());
        reconciler().step(ID);
        flink = new FakeFlink();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        reconciler().step(ID);
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(task().reason()).contains("is left");
        assertThat(task().last().orElseThrow().committed().marks()).isEqualTo(Map.of("p0", MARK));
    }

    private void starts() throws Exception {
        kept.create(Tasks.running(ID));
        reconciler().step(ID);
    }

    private static LastPosition last(long tick) {
        return new LastPosition(
                1, new CommittedPositions.Summary(tick, 0, Map.of("p0", MARK), Map.of()));
    }

    private Task task() {
        return kept.find(ID).orElseThrow();
    }

    private String jobId() {
        return task().run().orElseThrow().jobId();
    }

    private PositionNotes notes() {
        return new PositionNotes(
                store,
                new CommittedProgress(new RestorePoints(data)),
                () -> Duration.ofSeconds(seconds).toNanos(),
                () -> seconds * 1_000);
    }

    private TaskReconciler reconciler() {
        var config = Configs.below(data, 10);
        return new TaskReconciler(
                kept,
                flink,
                new RestorePoints(data),
                new TaskSpecs(config.source(), config.replication(), "control plane")::of,
                taskId -> {},
                () -> JobID.generate().toHexString());
    }

    private static final class CountingStore implements TaskStore {

        private final TaskStore store;
        private final AtomicInteger calls = new AtomicInteger();
        private boolean away;

        CountingStore(TaskStore store) {
            this.store = store;
        }

        @Override
        public Optional<Task> update(String taskId, UnaryOperator<Task> change)
                throws StoreException {
            calls.incrementAndGet();
            if (away) {
                throw new StoreException("it's away", new IOException());
            }
            return store.update(taskId, change);
        }

        @Override
        public List<Task> list() throws StoreException {
            return store.list();
        }

        @Override
        public Optional<Task> find(String taskId) throws StoreException {
            return store.find(taskId);
        }

        @Override
        public void create(Task task) throws StoreException {
            store.create(task);
        }

        @Override
        public void delete(String taskId) throws StoreException {
            store.delete(taskId);
        }

        @Override
        public boolean isReachable() {
            return !away;
        }

        @Override
        public void close() throws StoreException {
            store.close();
        }
    }
}

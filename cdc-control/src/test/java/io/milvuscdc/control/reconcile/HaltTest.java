// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.cluster.JobObservation;
import io.milvuscdc.control.cluster.JobSubmission;
import io.milvuscdc.control.cluster.RestorePoint;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.FakeFlink;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole life of a task, halted before and after each effect that it has on the store or on Flink.
 * The process that comes next must bring the task to where it's wanted, and every job must start
 * from the newest complete checkpoint or savepoint that there was.
 */
final class HaltTest {

    private static final String ID = "t1";

    @TempDir private Path root;

    /** The process ends here. */
    private static final class Halt extends Error {
        Halt() {
            super("halt", null, false, false);
        }
    }

    /** Counts effects, and halts at one of them. */
    private static final class Effects {
        private final int haltAt;
        private int count;

        Effects(int haltAt) {
            this.haltAt = haltAt;
        }

        void pass() {
            if (++count == haltAt) {
                throw new Halt();
            }
        }
    }

    @Test
    void goesOnAfterAHaltAtAnyPoint() throws Exception {
        int halts = 0;
        for (int haltAt = 1; halted(haltAt); haltAt++) {
            halts++;
        }
        assertThat(halts).as("points to halt at").isGreaterThan(20);
    }

    /** True when the life was halted, false when it ended before that point. */
    private boolean halted(int haltAt) throws Exception {
        Path data = root.resolve("halt-" + haltAt);
        InMemoryTaskStore store = new InMemoryTaskStore();
        store.create(Tasks.running(ID));
        Effects effects = new Effects(haltAt);
        Life process = new Life(data, store, new FakeFlink(), effects);
        for (UnaryOperator<Life> stage : life()) {
            try {
                process = stage.apply(process);
                process.settle();
            } catch (Halt e) {
                process = process.next();
                process.settle();
            }
            process.checkMatches("halt at " + haltAt);
        }
        return effects.count >= haltAt;
    }

    private static List<UnaryOperator<Life>> life() {
        return List.of(
                process -> process,
                process -> process.checkpoints(2),
                process -> process.wants(DesiredState.PAUSED),
                process -> process.wants(DesiredState.RUNNING),
                process -> process.checkpoints(3),
                process -> process.suspends().next(),
                process -> process.wants(DesiredState.PAUSED),
                process -> process.next(),
                process -> process.wants(DesiredState.RUNNING),
                process -> process.checkpoints(1),
                process -> process.next(),
                process -> process.wants(DesiredState.DELETED));
    }

    /** One process over what earlier ones left. */
    private static final class Life {
        private final Path data;
        private final InMemoryTaskStore store;
        private final FakeFlink flink;
        private final Effects effects;
        private final TaskReconciler reconciler;
        private final Suspension suspension;

        Life(Path data, InMemoryTaskStore store, FakeFlink flink, Effects effects) {
            this.data = data;
            this.store = store;
            this.flink = flink;
            this.effects = effects;
            var config = Configs.below(data, 10);
            TaskStore haltingStore = new HaltingStore(store, effects);
            JobCluster haltingFlink = new HaltingFlink(flink, data, effects);
            RestorePoints points = new RestorePoints(data);
            this.reconciler =
                    new TaskReconciler(
                            haltingStore,
                            haltingFlink,
                            points,
                            new TaskSpecs(config.source(), config.replication(), "control plane")
                                    ::of,
                            taskId -> {},
                            () -> JobID.generate().toHexString());
            this.suspension = new Suspension(haltingStore, haltingFlink, points);
        }

        Life next() {
            return new Life(data, store, new FakeFlink(), effects);
        }

        Life wants(DesiredState desired) {
            store.update(ID, task -> task.wanted(desired, ""));
            return this;
        }

        Life checkpoints(int count) {
            try {
                for (int i = 0; i < count; i++) {
                    flink.checkpoint(flink.active().get(0));
                    effects.pass();
                    reconciler.step(ID);
                }
                flink.beginCheckpoint(flink.active().get(0));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return this;
        }

        Life suspends() {
            try {
                suspension.run(Duration.ofSeconds(5));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return this;
        }

        void settle() throws Exception {
            for (int i = 0; i < 4; i++) {
                reconciler.step(ID);
            }
        }

        void checkMatches(String when) {
            Optional<Task> task = store.find(ID);
            boolean wanted = task.isPresent() && task.get().desired() == DesiredState.RUNNING;
            assertThat(task.map(Task::reason).orElse("")).as(when).isEmpty();
            assertThat(flink.active()).as(when).hasSize(wanted ? 1 : 0);
            if (task.isEmpty()) {
                assertThat(newestOnDisk(data)).as(when).isEmpty();
            }
        }
    }

    private static Optional<RestorePoint> newestOnDisk(Path data) {
        List<RestorePoint> found = new ArrayList<>();
        if (!Files.exists(data)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(path -> path.endsWith("_metadata")).toList()) {
                try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
                    found.add(
                            new RestorePoint(
                                    file.getParent(),
                                    Checkpoints.loadCheckpointMetadata(
                                                    in, HaltTest.class.getClassLoader(), "")
                                            .getCheckpointId()));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return found.stream().max((a, b) -> Long.compare(a.checkpointId(), b.checkpointId()));
    }

    private record HaltingFlink(FakeFlink flink, Path data, Effects effects) implements JobCluster {

        @Override
        public boolean isRunning() {
            return flink.isRunning();
        }

        @Override
        public JobObservation observe(String jobId) throws ClusterException {
            return flink.observe(jobId);
        }

        @Override
        public void submit(JobSubmission submission) throws ClusterException {
            assertThat(submission.restorePath())
                    .as("the newest that's complete on disk")
                    .isEqualTo(newestOnDisk(data).map(p -> p.directory().toString()).orElse(""));
            effects.pass();
            flink.submit(submission);
            try {
                // a job may be quick
                flink.checkpoint(submission.jobId());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            effects.pass();
        }

        @Override
        public String stopWithSavepoint(String jobId, Path savepoints, Duration bound)
                throws ClusterException {
            effects.pass();
            String path = flink.stopWithSavepoint(jobId, savepoints, bound);
            effects.pass();
            return path;
        }

        @Override
        public void cancel(String jobId, Duration bound) throws ClusterException {
            effects.pass();
            flink.cancel(jobId, bound);
            effects.pass();
        }
    }

    private record HaltingStore(InMemoryTaskStore store, Effects effects) implements TaskStore {

        @Override
        public List<Task> list() {
            return store.list();
        }

        @Override
        public Optional<Task> find(String taskId) {
            return store.find(taskId);
        }

        @Override
        public void create(Task task) {
            store.create(task);
        }

        @Override
        public Optional<Task> update(String taskId, UnaryOperator<Task> change)
                throws StoreException {
            effects.pass();
            Optional<Task> changed = store.update(taskId, change);
            effects.pass();
            return changed;
        }

        @Override
        public void delete(String taskId) {
            effects.pass();
            store.delete(taskId);
            effects.pass();
        }

        @Override
        public boolean isReachable() {
            return store.isReachable();
        }

        @Override
        public void close() {}
    }
}

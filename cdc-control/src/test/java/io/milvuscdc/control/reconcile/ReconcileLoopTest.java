// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.cluster.JobObservation;
import io.milvuscdc.control.cluster.JobPhase;
import io.milvuscdc.control.cluster.JobSubmission;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.testutils.Await;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop over a Flink that doesn't answer. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ReconcileLoopTest {

    private static final JobRun RUN = JobRun.starting("0123456789abcdef0123456789abcdef", "");

    @TempDir private Path data;

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final SilentFlink flink = new SilentFlink();
    private ReconcileLoop loop;

    @BeforeEach
    void start() {
        store.create(Tasks.running("t1").with(RUN).wanted(DesiredState.PAUSED, ""));
        store.create(Tasks.running("t2").with(RUN.ended()).wanted(DesiredState.PAUSED, ""));
        var config = Configs.below(data, 10);
        loop =
                new ReconcileLoop(
                        store,
                        new TaskReconciler(
                                store,
                                flink,
                                new RestorePoints(data),
                                new TaskSpecs(config.source(), config.replication(), "me")::of,
                                taskId -> {},
                                () -> JobID.generate().toHexString()));
        loop.start();
    }

    @AfterEach
    void stop() throws Exception {
        flink.answers.countDown();
        loop.close();
    }

    @Test
    void whoWaitsForATaskIsKeptByNoneOfFlinksCalls() throws Exception {
        Await.until("Flink is asked", () -> flink.questions.get() > 0);
        assertThat(loop.awaitStopped("t1", Duration.ofSeconds(1))).isFalse();
        assertThat(loop.awaitStopped("t2", Duration.ofMinutes(1))).isTrue();
        assertThat(workers()).isLessThanOrEqualTo(2);
    }

    @Test
    void whoWaitsIsToldWhenTheTaskHasStopped() throws Exception {
        flink.answers.countDown();
        assertThat(loop.awaitStopped("t1", Duration.ofMinutes(1))).isTrue();
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("reconcile"))
                .count();
    }

    /** Says nothing until it's let, and then that no job is there. */
    private static final class SilentFlink implements JobCluster {

        private final CountDownLatch answers = new CountDownLatch(1);
        private final AtomicInteger questions = new AtomicInteger();

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public JobObservation observe(String jobId) throws InterruptedException {
            questions.incrementAndGet();
            answers.await();
            return JobObservation.of(JobPhase.ABSENT);
        }

        @Override
        public void submit(JobSubmission submission) {
            throw new UnsupportedOperationException("no task is wanted running");
        }

        @Override
        public String stopWithSavepoint(String jobId, Path savepoints, Duration bound) {
            throw new UnsupportedOperationException("no job is there");
        }

        @Override
        public void cancel(String jobId, Duration bound) {
            throw new UnsupportedOperationException("no job is there");
        }
    }
}

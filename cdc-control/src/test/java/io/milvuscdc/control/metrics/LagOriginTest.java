// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.rest.FlinkRest;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lag can't lie: it counts from the checkpoint, whatever hangs, ends or is broken. */
final class LagOriginTest {

    /** What the stored state of the coordinator says everything is visible up to. */
    private static final long UP_TO = 1_700_000_000_000L;

    private static final JobRun RUN = JobRun.starting("0123456789abcdef0123456789abcdef", "");

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Task task = Tasks.running("t1").with(RUN);
    @TempDir private Path data;

    @Test
    void growsWhileNothingIsCommittedAndGoesOnOverARestart() throws Exception {
        store.create(task);
        WrittenCheckpoint.write(data, "t1", RUN, WrittenCheckpoint.coordinator(4));

        LagOrigin origin = new LagOrigin(at(0));
        assertThat(lag(origin, 3)).isEqualTo("3.0");
        assertThat(lag(origin, 500)).isEqualTo("500.0");
        assertThat(lag(new LagOrigin(at(600)), 600)).as("of another process").isEqualTo("600.0");
    }

    @Test
    void growsWhileTheCheckpointCannotBeRead() throws Exception {
        store.create(task);
        Path checkpoint =
                WrittenCheckpoint.write(data, "t1", RUN, WrittenCheckpoint.coordinator(4));
        LagOrigin origin = new LagOrigin(at(0));
        assertThat(lag(origin, 3)).isEqualTo("3.0");

        Files.writeString(checkpoint.resolve("_metadata"), "damaged");
        assertThat(lag(origin, 60)).isEqualTo("60.0");
    }

    @Test
    void countsTheWaitForTheFirstCommit() {
        LagOrigin origin = new LagOrigin(at(10));
        OptionalLong since = OptionalLong.of(UP_TO + 10_000);
        assertThat(origin.of(task, CommittedPositions.NONE)).isEqualTo(since);
        assertThat(origin.unreadable(task)).isEqualTo(since);
        Task paused = task.wanted(DesiredState.PAUSED, "manually");
        assertThat(origin.of(paused, CommittedPositions.NONE)).isEmpty();
    }

    @Test
    void aTaskThatIsMadeAgainUnderTheSameIdStartsAnew() throws Exception {
        LagOrigin origin = new LagOrigin(at(10));
        WrittenCheckpoint.write(data, "t1", RUN, WrittenCheckpoint.coordinator(4));
        assertThat(origin.of(task, committed())).hasValue(UP_TO);
        origin.keep(List.of());
        assertThat(origin.unreadable(task)).hasValue(UP_TO + 10_000);
    }

    private CommittedPositions committed() throws IOException {
        return new CommittedProgress(new RestorePoints(data)).of(task);
    }

    private String lag(LagOrigin origin, long seconds) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(
                new TaskCollector(
                        store,
                        new CommittedProgress(new RestorePoints(data)),
                        origin,
                        new JobPoller(
                                store,
                                new FlinkRest(URI.create("http://127.0.0.1:1")),
                                at(seconds)),
                        at(seconds)));
        String metric = "milvus_cdc_task_lag_seconds{task_id=\"t1\"} ";
        return new MetricsPage(registry)
                .answer(null)
                .body()
                .lines()
                .filter(line -> line.startsWith(metric))
                .map(line -> line.substring(metric.length()))
                .findFirst()
                .orElse("none");
    }

    private static Clock at(long seconds) {
        return Clock.fixed(Instant.ofEpochMilli(UP_TO + seconds * 1000), ZoneOffset.UTC);
    }
}

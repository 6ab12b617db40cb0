// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskFamiliesTest {

    private static final JobRun RUN = JobRun.starting("0123456789abcdef0123456789abcdef", "");

    private final TaskFamilies families = new TaskFamilies();
    @TempDir private Path data;

    @Test
    void channelsOfTwoTargetsThatHaveTheSameNamesAreToldApart() throws Exception {
        WrittenCheckpoint.write(data, "t1", RUN, WrittenCheckpoint.coordinator(5));
        CommittedPositions positions =
                new CommittedProgress(new RestorePoints(data)).of(Tasks.running("t1").with(RUN));
        String channel = positions.targetPchannels().iterator().next();
        families.committed("t1", positions);
        families.committed("t2", positions);
        assertThat(tasksOf(channel)).containsExactly("t1", "t2");
    }

    private List<String> tasksOf(String channel) {
        return families.snapshots().stream()
                .filter(metric -> metric.getMetadata().getName().equals("milvus_cdc_center_tt"))
                .flatMap((MetricSnapshot metric) -> metric.getDataPoints().stream())
                .map(DataPointSnapshot::getLabels)
                .filter(labels -> channel.equals(labels.get("channel_name")))
                .map(labels -> labels.get("task_id"))
                .toList();
    }
}

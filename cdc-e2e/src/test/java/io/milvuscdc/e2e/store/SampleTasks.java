// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.TickMark;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tasks to be stored. */
final class SampleTasks {

    static final String SECRET = "root:s3cret-t0ken";

    private SampleTasks() {}

    static Task task(String id) {
        return new Task(
                id,
                TaskDefinition.of(
                        new MilvusConnectParam(
                                "",
                                0,
                                false,
                                "",
                                "",
                                "http://target:19530",
                                SECRET,
                                Map.of(),
                                0,
                                false,
                                7),
                        List.of(new CollectionInfo("häß_lich\"'\\", null, true))),
                DesiredState.PAUSED,
                "because of 'this' and \"that\" – ünïcode 向量",
                StartPoint.ofKafkaOffsets(Map.of("by-dev-rootcoord-dml_0", 5L)),
                Optional.of(
                        new JobRun("0123456789abcdef0123456789abcdef", "/data/chk-7", true, true)),
                Optional.of(
                        new LastPosition(
                                1_700_000_000_000L,
                                new CommittedPositions.Summary(
                                        446_000_000_000_000_000L,
                                        1_699_999_999_999L,
                                        Map.of(
                                                "by-dev-rootcoord-dml_0",
                                                new TickMark(
                                                        445_999_999_999_999_999L,
                                                        MqPosition.ofKafkaOffset(12))),
                                        Map.of("t-dml_0", "AQAAAAAAAAA=")))));
    }

    static Task counted(Task task) {
        int count = task.reason().matches("\\d+") ? Integer.parseInt(task.reason()) : 0;
        return task.wanted(task.desired(), String.valueOf(count + 1));
    }
}

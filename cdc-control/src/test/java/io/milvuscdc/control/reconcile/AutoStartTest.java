// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.BufferConfig;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a new start of the control plane does to tasks that must not start by themselves. */
final class AutoStartTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();

    @Test
    void pausesThemWithAReasonAndLeavesTheOthers() throws Exception {
        store.create(disabled("off"));
        store.create(disabled("paused").wanted(DesiredState.PAUSED, "because"));
        store.create(disabled("deleted").wanted(DesiredState.DELETED, ""));
        store.create(Tasks.running("on"));
        new AutoStart(store).pauseDisabled();
        assertThat(store.list())
                .containsExactlyInAnyOrder(
                        disabled("off")
                                .wanted(DesiredState.PAUSED, "the task is disabled auto start"),
                        disabled("paused").wanted(DesiredState.PAUSED, "because"),
                        disabled("deleted").wanted(DesiredState.DELETED, ""),
                        Tasks.running("on"));
    }

    private static Task disabled(String id) {
        return Task.created(
                id,
                new TaskDefinition(
                        MilvusConnectParam.ofUri("http://" + id + ":19530"),
                        KafkaConnectParam.NONE,
                        BufferConfig.NONE,
                        List.of(new CollectionInfo("*", null, false)),
                        Map.of(),
                        List.of(),
                        List.of(),
                        RpcChannelInfo.NONE,
                        false,
                        true),
                StartPoint.BEGINNING);
    }
}

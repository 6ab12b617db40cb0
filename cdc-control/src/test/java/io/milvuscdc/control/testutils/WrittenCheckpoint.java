// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import io.milvuscdc.control.task.JobRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/** A checkpoint of a task's run as Flink writes one. */
public final class WrittenCheckpoint {

    private static final Path COORDINATOR =
            Path.of("../cdc-connectors/src/test/resources/state/coordinator-state");

    private WrittenCheckpoint() {}

    /** What the coordinator has stored in a version of its state. */
    public static byte[] coordinator(int version) throws IOException {
        return Files.readAllBytes(COORDINATOR.resolve("v" + version + ".bin"));
    }

    /**
     * Writes one and returns its directory.
     *
     * @param data the control plane's directory
     * @param coordinator what the coordinator has checkpointed
     */
    public static Path write(Path data, String taskId, JobRun run, byte[] coordinator)
            throws IOException {
        DataOutputSerializer state = new DataOutputSerializer(64);
        BytePrimitiveArraySerializer.INSTANCE.serialize(coordinator, state);
        OperatorState operator = new OperatorState(new OperatorID(), 1, 1);
        operator.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedOperatorState(
                                new OperatorStreamStateHandle(
                                        Map.of(
                                                "coordinator",
                                                new OperatorStateHandle.StateMetaInfo(
                                                        new long[] {0},
                                                        OperatorStateHandle.Mode.SPLIT_DISTRIBUTE)),
                                        new ByteStreamStateHandle(
                                                "state", state.getCopyOfBuffer())))
                        .build());
        Path directory =
                data.resolve("checkpoints").resolve(taskId).resolve(run.jobId()).resolve("chk-1");
        Files.createDirectories(directory);
        try (OutputStream metadata = Files.newOutputStream(directory.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(1, List.of(operator), List.of()), metadata);
        }
        return directory;
    }
}

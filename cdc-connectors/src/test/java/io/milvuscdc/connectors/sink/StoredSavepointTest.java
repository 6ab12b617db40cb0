// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.checkpoint.CheckpointContent;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.junit.jupiter.api.Test;

/**
 * Savepoints of whole jobs, on real servers, by the versions of what is in them; a directory of
 * them is never edited. SessionClusterITCase lets today's job go on from each, and makes one of
 * today's versions when it runs with {@code -Dsavepoint.fixture=write}.
 */
final class StoredSavepointTest {

    @Test
    void thereIsOneOfTodaysVersions() throws Exception {
        String today =
                ReplicationTail.stateVersions().entrySet().stream()
                        .map(operator -> operator.getKey() + "-" + operator.getValue())
                        .collect(Collectors.joining("-"));

        assertThat(all())
                .extracting(path -> path.getFileName().toString())
                .as("run SessionClusterITCase with -Dsavepoint.fixture=write and commit the result")
                .contains(today);
    }

    @Test
    void everyOneIsWholeAndTellsWhatItsJobKnew() throws Exception {
        for (Path savepoint : all()) {
            CheckpointContent content = read(savepoint);

            assertThat(content.damagedFile()).as("%s", savepoint).isEmpty();
            CommittedPositions positions = CommittedPositions.of(content.metadata());
            assertThat(positions.tick()).as("%s", savepoint).isPositive();
            assertThat(positions.readTicks()).as("%s", savepoint).isNotEmpty();
            assertThat(positions.targetPchannels()).as("%s", savepoint).isNotEmpty();
            assertThat(writers(content))
                    .as("%s", savepoint)
                    .flatExtracting(WriterState::known)
                    .extracting(KnownCollection::name)
                    .contains("rows");
        }
    }

    private static List<WriterState> writers(CheckpointContent content) throws IOException {
        List<WriterState> writers = new ArrayList<>();
        for (OperatorState operator : content.metadata().getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                    addWriters(handle, writers);
                }
            }
        }
        return writers;
    }

    private static void addWriters(OperatorStateHandle handle, List<WriterState> writers)
            throws IOException {
        OperatorStateHandle.StateMetaInfo states =
                handle.getStateNameToPartitionOffsets().get(EagerWriterOperator.STATE.getName());
        if (states == null) {
            return;
        }
        try (FSDataInputStream in = handle.openInputStream()) {
            for (long at : states.getOffsets()) {
                in.seek(at);
                writers.add(
                        SimpleVersionedSerialization.readVersionAndDeSerialize(
                                WriterState.SERIALIZER,
                                BytePrimitiveArraySerializer.INSTANCE.deserialize(
                                        new DataInputViewStreamWrapper(in))));
            }
        }
    }

    private static CheckpointContent read(Path savepoint) throws IOException {
        return CheckpointContent.read(
                Files.readAllBytes(savepoint.resolve("_metadata")), savepoint.toUri().toString());
    }

    private static List<Path> all() throws IOException, URISyntaxException {
        URL directory = StoredSavepointTest.class.getResource("/savepoint");
        assertThat(directory).isNotNull();
        try (Stream<Path> savepoints = Files.list(Path.of(directory.toURI()))) {
            return savepoints.sorted().toList();
        }
    }
}

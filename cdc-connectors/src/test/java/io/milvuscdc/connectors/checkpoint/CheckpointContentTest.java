// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints as Flink writes them, through the storage, and then changed. */
final class CheckpointContentTest {

    private static final int THRESHOLD = 1000;
    private static final int LARGE = 1500;

    @TempDir private Path root;
    private CheckpointStorageAccess access;

    @Test
    void everyByteThatChangesIsFound() throws IOException {
        Path directory = write(sealed());
        Path metadata = directory.resolve("_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        for (int at = 0; at < whole.length; at++) {
            for (int bit : new int[] {0x01, 0x80, 0xff}) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) bit;
                assertThatThrownBy(() -> CheckpointContent.read(flipped, directory.toString()))
                        .as("byte %d of %d", at, whole.length)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("_metadata");
            }
        }
        Path state = stateBeside(metadata);
        byte[] wholeState = Files.readAllBytes(state);
        CheckpointContent content = CheckpointContent.read(whole, directory.toString());
        assertThat(content.damagedFile()).isEmpty();
        for (int at = 0; at < wholeState.length; at++) {
            byte[] flipped = wholeState.clone();
            flipped[at] ^= 0x10;
            Files.write(state, flipped);
            assertThat(content.damagedFile())
                    .as("byte %d of %d", at, wholeState.length)
                    .hasValueSatisfying(what -> assertThat(what).contains(state + "", "checksum"));
        }
    }

    @Test
    void whatIsCutOffZeroedOrMissingIsFound() throws IOException {
        Path directory = write(sealed());
        Path metadata = directory.resolve("_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        int content = whole.length - Seal.BYTES;
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            byte[] zeroed = Arrays.copyOf(cut, whole.length);
            if (length == content) {
                // nothing but the seal is missing: as a release without one has written it
                assertThat(CheckpointContent.read(cut, directory.toString()).metadata())
                        .isNotNull();
            } else {
                assertThatThrownBy(() -> CheckpointContent.read(cut, directory.toString()))
                        .as("cut at %d", length)
                        .isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> CheckpointContent.read(zeroed, directory.toString()))
                    .as("zeros from %d on", length)
                    .isInstanceOf(IOException.class);
        }
        Path state = stateBeside(metadata);
        byte[] wholeState = Files.readAllBytes(state);
        CheckpointContent found = CheckpointContent.read(whole, directory.toString());
        Files.write(state, Arrays.copyOf(wholeState, LARGE));
        assertThat(found.damagedFile())
                .contains(
                        "its file "
                                + state
                                + " has "
                                + LARGE
                                + " bytes instead of "
                                + (LARGE + Seal.BYTES));
        Files.delete(state);
        assertThat(found.damagedFile()).contains("its file " + state + " is missing");
    }

    @Test
    void aJobIsNotRestoredFromADamagedOne() throws IOException {
        Path directory = write(sealed());
        Path metadata = directory.resolve("_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        String pointer = directory.toUri().toString();
        assertThat(access.resolveCheckpoint(pointer).getMetadataHandle().getStateSize())
                .isEqualTo(whole.length);

        whole[whole.length / 2] ^= 0x20;
        Files.write(metadata, whole);
        assertThatThrownBy(() -> access.resolveCheckpoint(pointer))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContainingAll("chk-7", "_metadata", "checksum", "docs/operations.md");
    }

    @Test
    void flinkReadsASealedOneAndItsStateAsAnyOther() throws IOException {
        Path directory = write(sealed());
        CheckpointMetadata read;
        try (InputStream in = Files.newInputStream(directory.resolve("_metadata"))) {
            read =
                    Checkpoints.loadCheckpointMetadata(
                            new DataInputStream(in),
                            getClass().getClassLoader(),
                            directory.toString());
        }
        assertThat(read.getCheckpointId()).isEqualTo(7);
        List<StreamStateHandle> states =
                read.getOperatorStates().stream()
                        .flatMap(operator -> operator.getStates().stream())
                        .flatMap(subtask -> subtask.getManagedOperatorState().stream())
                        .map(OperatorStateHandle::getDelegateStateHandle)
                        .toList();
        assertThat(states).hasSize(2);
        assertThat(states.get(0)).isInstanceOf(ByteStreamStateHandle.class);
        assertThat(bytes(states.get(0))).isEqualTo(state(100));
        assertThat(states.get(1)).isNotInstanceOf(ByteStreamStateHandle.class);
        assertThat(states.get(1).getStateSize()).isEqualTo(LARGE);
        assertThat(Arrays.copyOf(bytes(states.get(1)), LARGE)).isEqualTo(state(LARGE));
    }

    @Test
    void oneOfAReleaseWithoutSealsIsReadAndRestored() throws IOException {
        Path directory = write(new FileSystemCheckpointStorage(root.toUri(), THRESHOLD));
        Path metadata = directory.resolve("_metadata");
        CheckpointContent content =
                CheckpointContent.read(Files.readAllBytes(metadata), directory.toString());
        assertThat(content.metadata().getCheckpointId()).isEqualTo(7);
        assertThat(content.damagedFile()).isEmpty();
        CheckpointStorageAccess now = sealed().createCheckpointStorage(new JobID());
        assertThat(now.resolveCheckpoint(directory.toUri().toString())).isNotNull();

        Path state = stateBeside(metadata);
        Files.write(state, Arrays.copyOf(Files.readAllBytes(state), LARGE - 1));
        assertThat(content.damagedFile())
                .hasValueSatisfying(
                        what -> assertThat(what).contains("1499 bytes instead of 1500"));
    }

    @Test
    void aCheckpointCanBeRemovedAsAWhole() throws Exception {
        Path directory = write(sealed());
        Path state = stateBeside(directory.resolve("_metadata"));
        var location = access.resolveCheckpoint(directory.toUri().toString());
        CheckpointMetadata metadata =
                CheckpointContent.read(
                                Files.readAllBytes(directory.resolve("_metadata")),
                                directory.toString())
                        .metadata();
        for (OperatorState operator : metadata.getOperatorStates()) {
            operator.discardState();
        }
        assertThat(state).doesNotExist();
        location.getMetadataHandle().discardState();
        location.disposeStorageLocation();
        assertThat(directory).doesNotExist();
    }

    @Test
    void keyedStateIsRefusedInsteadOfBeingSpoiled() throws IOException {
        access = sealed().createCheckpointStorage(new JobID());
        CheckpointStorageLocation location = access.initializeLocationForCheckpoint(1);
        assertThatThrownBy(
                        () ->
                                location.createCheckpointStateOutputStream(
                                        CheckpointedStateScope.SHARED))
                .hasMessageContaining("no keyed state");
    }

    private CheckpointStorage sealed() {
        Configuration config = new Configuration();
        config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, root.toUri().toString());
        config.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, new MemorySize(THRESHOLD));
        return new SealedStorageFactory().createFromConfig(config, getClass().getClassLoader());
    }

    /** Checkpoint 7 of two operators, one with state in a file of its own. */
    private Path write(CheckpointStorage storage) throws IOException {
        access = storage.createCheckpointStorage(new JobID());
        access.initializeBaseLocationsForCheckpoint();
        CheckpointStorageLocation location = access.initializeLocationForCheckpoint(7);
        CheckpointMetadata metadata =
                new CheckpointMetadata(
                        7,
                        List.of(
                                operator(1, handle(location, 100)),
                                operator(2, handle(location, LARGE))),
                        List.of(),
                        CheckpointProperties.forCheckpoint(
                                org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy
                                        .RETAIN_ON_CANCELLATION));
        try (CheckpointMetadataOutputStream out = location.createMetadataOutputStream()) {
            Checkpoints.storeCheckpointMetadata(metadata, out);
            String pointer = out.closeAndFinalizeCheckpoint().getExternalPointer();
            return Path.of(new org.apache.flink.core.fs.Path(pointer).getPath());
        }
    }

    private static OperatorState operator(int id, StreamStateHandle state) {
        OperatorState operator = new OperatorState(new OperatorID(id, id), 1, 128);
        operator.setCoordinatorState(
                new ByteStreamStateHandle(
                        "coordinator", "channels".getBytes(StandardCharsets.UTF_8)));
        operator.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedOperatorState(
                                new OperatorStreamStateHandle(
                                        Map.of(
                                                "state",
                                                new OperatorStateHandle.StateMetaInfo(
                                                        new long[] {0},
                                                        OperatorStateHandle.Mode.SPLIT_DISTRIBUTE)),
                                        state))
                        .build());
        return operator;
    }

    private static StreamStateHandle handle(CheckpointStorageLocation location, int size)
            throws IOException {
        try (CheckpointStateOutputStream out =
                location.createCheckpointStateOutputStream(CheckpointedStateScope.EXCLUSIVE)) {
            byte[] state = state(size);
            out.write(state[0]);
            out.write(state, 1, size - 1);
            return out.closeAndGetHandle();
        }
    }

    private static byte[] state(int size) {
        byte[] state = new byte[size];
        new Random(size).nextBytes(state);
        return state;
    }

    private static byte[] bytes(StreamStateHandle handle) throws IOException {
        try (InputStream in = handle.openInputStream()) {
            return in.readAllBytes();
        }
    }

    private static Path stateBeside(Path metadata) throws IOException {
        try (Stream<Path> files = Files.list(metadata.getParent())) {
            return files.filter(file -> !file.equals(metadata)).findFirst().orElseThrow();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.connectors.sink.CommittedPositions;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * A checkpoint or savepoint on disk: {@code _metadata}, which holds most of the state, and files
 * that it names. Flink finds out that one of these is missing only when it restores it, and then
 * tries for ever.
 */
final class CheckpointFiles {

    private static final String METADATA = "_metadata";

    private CheckpointFiles() {}

    /**
     * True when the directory holds one that is complete: Flink writes its metadata last, under
     * another name, and renames it when it's whole.
     */
    static boolean isComplete(Path directory) {
        return Files.isRegularFile(directory.resolve(METADATA));
    }

    /**
     * Reads the metadata.
     *
     * @throws NoSuchFileException it isn't there
     * @throws IOException it's damaged; in words
     */
    static CheckpointMetadata read(Path directory) throws IOException {
        Path file = directory.resolve(METADATA);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return Checkpoints.loadCheckpointMetadata(
                    in, CheckpointFiles.class.getClassLoader(), directory.toString());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (EOFException e) {
            throw new IOException(
                    damaged(directory, METADATA + " ends too early, at byte " + Files.size(file)),
                    e);
        } catch (IOException | RuntimeException e) {
            throw new IOException(damaged(directory, METADATA + ": " + e.getMessage()), e);
        }
    }

    /**
     * What it says to be committed.
     *
     * @throws IOException that can't be read; in words
     */
    static CommittedPositions positions(Path directory, CheckpointMetadata metadata)
            throws IOException {
        try {
            return CommittedPositions.of(metadata);
        } catch (IOException e) {
            throw new IOException(damaged(directory, e.getMessage()), e);
        }
    }

    /** The first file that isn't as the metadata says, in words; empty when all are. */
    static Optional<String> lostFile(Path directory, CheckpointMetadata metadata)
            throws IOException {
        for (FileStateHandle handle : files(metadata)) {
            Path file = Path.of(handle.getFilePath().getPath());
            if (!Files.isRegularFile(file)) {
                return Optional.of(damaged(directory, "its file " + file + " is missing"));
            }
            long size = Files.size(file);
            if (size < handle.getStateSize()) {
                return Optional.of(
                        damaged(
                                directory,
                                "its file "
                                        + file
                                        + " has "
                                        + size
                                        + " bytes instead of "
                                        + handle.getStateSize()));
            }
        }
        return Optional.empty();
    }

    /** What to say of a checkpoint that can't be used. */
    static String damaged(Path directory, String how) {
        return "the checkpoint "
                + directory
                + " can't be used: "
                + how
                + ". What it covers is committed at the target, and from an older one it would be"
                + " sent again, behind its time ticks. Put "
                + directory
                + " back as it was and resume the task; if it's lost, delete the task and create it"
                + " again as docs/operations.md says";
    }

    private static List<FileStateHandle> files(CheckpointMetadata metadata) {
        List<StreamStateHandle> handles = new ArrayList<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                addOperatorState(subtask.getManagedOperatorState(), handles);
                addOperatorState(subtask.getRawOperatorState(), handles);
                addKeyedState(subtask.getManagedKeyedState(), handles);
                addKeyedState(subtask.getRawKeyedState(), handles);
            }
        }
        return handles.stream()
                .filter(FileStateHandle.class::isInstance)
                .map(FileStateHandle.class::cast)
                .toList();
    }

    private static void addOperatorState(
            Iterable<OperatorStateHandle> states, List<StreamStateHandle> handles) {
        states.forEach(state -> handles.add(state.getDelegateStateHandle()));
    }

    private static void addKeyedState(
            Iterable<KeyedStateHandle> states, List<StreamStateHandle> handles) {
        for (KeyedStateHandle state : states) {
            if (state instanceof IncrementalRemoteKeyedStateHandle incremental) {
                incremental.streamSubHandles().forEach(handles::add);
            } else if (state instanceof KeyGroupsStateHandle groups) {
                handles.add(groups.getDelegateStateHandle());
            }
        }
    }
}

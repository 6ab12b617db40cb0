// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
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
 * What a checkpoint or savepoint consists of: {@code _metadata}, which holds most of the state, and
 * files that it names. Of one whose {@code _metadata} is sealed every byte is checked; one of a
 * release that didn't seal is taken when it can be read.
 */
public final class CheckpointContent {

    private static final String METADATA = "_metadata";

    private final CheckpointMetadata metadata;
    private final boolean sealed;

    private CheckpointContent(CheckpointMetadata metadata, boolean sealed) {
        this.metadata = metadata;
        this.sealed = sealed;
    }

    /**
     * Reads {@code _metadata}. Its seal is looked at first: what's damaged could say that billions
     * of bytes follow.
     *
     * @param file all of it
     * @param directory the checkpoint's, as Flink names it
     * @throws IOException it's damaged; in words
     */
    public static CheckpointContent read(byte[] file, String directory) throws IOException {
        boolean sealed = Seal.isSealed(file);
        int length = sealed ? file.length - Seal.BYTES : file.length;
        if (sealed) {
            Optional<String> damage = Seal.damage(length, new ByteArrayInputStream(file));
            if (damage.isPresent()) {
                throw new IOException("of its file " + METADATA + ", " + damage.get());
            }
        }
        ByteArrayInputStream content = new ByteArrayInputStream(file, 0, length);
        CheckpointMetadata metadata = parse(content, directory, length);
        if (content.available() > 0) {
            throw new IOException(
                    "its file "
                            + METADATA
                            + " goes on behind its end, at byte "
                            + (length - content.available())
                            + ", with what is no checksum");
        }
        return new CheckpointContent(metadata, sealed);
    }

    private static CheckpointMetadata parse(InputStream content, String directory, int length)
            throws IOException {
        try {
            return Checkpoints.loadCheckpointMetadata(
                    new DataInputStream(content),
                    CheckpointContent.class.getClassLoader(),
                    directory);
        } catch (EOFException e) {
            throw new IOException(METADATA + " ends too early, at byte " + length, e);
        } catch (IOException | RuntimeException e) {
            throw new IOException(METADATA + ": " + e.getMessage(), e);
        }
    }

    /** What Flink knows of it. */
    public CheckpointMetadata metadata() {
        return metadata;
    }

    /**
     * Reads all of its files.
     *
     * @return the first that isn't as it was written, in words; empty when all are
     * @throws IOException one can't be read now
     */
    public Optional<String> damagedFile() throws IOException {
        for (FileStateHandle handle : files()) {
            Optional<String> damage = damage(handle);
            if (damage.isPresent()) {
                return damage;
            }
        }
        return Optional.empty();
    }

    private Optional<String> damage(FileStateHandle handle) throws IOException {
        Path file = handle.getFilePath();
        String name = "its file " + file.getPath();
        FileSystem system = file.getFileSystem();
        long content = handle.getStateSize();
        try {
            long size = system.getFileStatus(file).getLen();
            if (size < content || (sealed && size != content + Seal.BYTES)) {
                long before = sealed ? content + Seal.BYTES : content;
                return Optional.of(name + " has " + size + " bytes instead of " + before);
            }
            if (!sealed) {
                return Optional.empty();
            }
            try (InputStream in = system.open(file)) {
                return Seal.damage(content, in).map(damage -> "of " + name + ", " + damage);
            }
        } catch (FileNotFoundException e) {
            return Optional.of(name + " is missing");
        }
    }

    private List<FileStateHandle> files() {
        List<StreamStateHandle> handles = new ArrayList<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            if (operator.getCoordinatorState() != null) {
                handles.add(operator.getCoordinatorState());
            }
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

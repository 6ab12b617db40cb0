// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.checkpoint.CheckpointContent;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.ReplicationTail;
import io.milvuscdc.e2e.servers.ProjectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.OperatorStateHandle;

/**
 * A savepoint that is kept for as long as jobs must be able to go on from it: one for every set of
 * versions of what the operators keep in it. They are never edited.
 */
record StoredSavepoint(Path directory) {

    private static final Path ALL = Path.of("cdc-connectors", "src", "test", "resources");
    private static final String METADATA = "_metadata";
    private static final int SEAL_BYTES = 20;
    private static final String SPLITS = "SourceReaderState";

    /** Every stored one. */
    static List<StoredSavepoint> all() throws IOException {
        try (Stream<Path> directories = Files.list(ProjectFiles.find(ALL).resolve("savepoint"))) {
            return directories.sorted().map(StoredSavepoint::new).toList();
        }
    }

    /** Keeps a savepoint of today's job, which must be of new versions. */
    static void keep(Path savepoint) throws IOException {
        String versions =
                ReplicationTail.stateVersions().entrySet().stream()
                        .map(operator -> operator.getKey() + "-" + operator.getValue())
                        .collect(Collectors.joining("-"));
        Path kept = ProjectFiles.find(ALL).resolve("savepoint").resolve(versions);
        try (Stream<Path> files = Files.list(savepoint)) {
            assertThat(files).as("all of its state is small").hasSize(1);
        }
        byte[] metadata = Files.readAllBytes(savepoint.resolve(METADATA));
        Files.createDirectories(kept);
        Files.write(
                kept.resolve(METADATA),
                withoutPath(metadata, savepoint),
                StandardOpenOption.CREATE_NEW);
    }

    /**
     * State in the metadata has the name that a file of its own would have: the path of this
     * machine in it becomes another one of the same length, and the seal anew what it is.
     */
    private static byte[] withoutPath(byte[] sealed, Path savepoint) {
        String path = savepoint.toString();
        String content =
                new String(sealed, 0, sealed.length - SEAL_BYTES, ISO_8859_1)
                        .replace(path, "/".repeat(path.length()));
        ByteBuffer file = ByteBuffer.allocate(sealed.length);
        file.put(content.getBytes(ISO_8859_1));
        CRC32C sum = new CRC32C();
        sum.update(file.array(), 0, content.length());
        // its magic number and length stay, and the length counts
        file.put(sealed, content.length(), SEAL_BYTES - Integer.BYTES);
        sum.update(sealed, content.length() + Long.BYTES, Long.BYTES);
        return file.putInt((int) sum.getValue()).array();
    }

    /** Where the source's channels are read from, as offsets of Kafka. */
    Map<String, Long> offsets() throws IOException {
        Map<String, Long> offsets = new TreeMap<>();
        for (OperatorState operator : metadata(directory).getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                    addOffsets(handle, offsets);
                }
            }
        }
        assertThat(offsets).isNotEmpty();
        return offsets;
    }

    private static void addOffsets(OperatorStateHandle handle, Map<String, Long> offsets)
            throws IOException {
        OperatorStateHandle.StateMetaInfo splits =
                handle.getStateNameToPartitionOffsets().get(SPLITS);
        if (splits == null) {
            return;
        }
        try (FSDataInputStream in = handle.openInputStream()) {
            for (long at : splits.getOffsets()) {
                in.seek(at);
                KafkaPartitionSplit split =
                        SimpleVersionedSerialization.readVersionAndDeSerialize(
                                new KafkaPartitionSplitSerializer(),
                                BytePrimitiveArraySerializer.INSTANCE.deserialize(
                                        new DataInputViewStreamWrapper(in)));
                offsets.put(split.getTopic(), split.getStartingOffset());
            }
        }
    }

    /** How far it, or any other checkpoint, has committed. */
    static CommittedPositions positions(Path checkpoint) throws IOException {
        return CommittedPositions.of(metadata(checkpoint));
    }

    private static CheckpointMetadata metadata(Path checkpoint) throws IOException {
        return CheckpointContent.read(
                        Files.readAllBytes(checkpoint.resolve(METADATA)),
                        checkpoint.toUri().toString())
                .metadata();
    }
}

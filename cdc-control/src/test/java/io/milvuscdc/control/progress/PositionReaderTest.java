// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.api.PositionFinder;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before the first commit, and from a checkpoint with a coordinator's state of version 3. */
final class PositionReaderTest {

    private static final long NOW = 1_700_000_012_345L;

    @TempDir private Path data;

    @Test
    void aTaskWithoutCheckpointStandsAtItsStartOrWhereACollectionWasMadeLater() throws IOException {
        PositionFinder.Positions positions =
                reader(collection(1, "old", 5), collection(2, "young", 70), collection(3, "x", 5))
                        .of(
                                task(
                                        new StartPoint(
                                                Map.of("p0", at(20), "ops", at(3)),
                                                Map.of(1L, Map.of("p0", at(30))))));

        assertThat(positions.collections())
                .containsExactly(
                        new PositionFinder.Found(1, new ChannelPosition("p0", at(30), 10)),
                        new PositionFinder.Found(2, new ChannelPosition("p0", at(70), 20)));
        assertThat(positions.operations())
                .containsExactly(
                        new PositionFinder.Found(-10, new ChannelPosition("ops", at(3), 0)));
    }

    /** The fixture: tick 76 is committed, p0 has ticks 70 at 1:1 and 80 at 1:5. */
    @Test
    void aTaskWithACheckpointStandsAtTheLastTickUpToTheCommittedOne() throws IOException {
        JobRun run = JobRun.starting("0123456789abcdef0123456789abcdef", "");
        writeCheckpoint(run, WrittenCheckpoint.coordinator(3));
        Task task = task(new StartPoint(Map.of("p0", new MqPosition(1, 0)), Map.of())).with(run);

        PositionFinder.Positions positions =
                reader(
                                MqMessageIds.PULSAR,
                                collection(1, "old", new MqPosition(0, 9)),
                                collection(8, "young", new MqPosition(1, 7)))
                        .of(task);

        assertThat(positions.collections())
                .containsExactly(
                        found(1, new MqPosition(1, 1), 76), found(8, new MqPosition(1, 7), 80));
        assertThat(positions.operations()).isEmpty();
    }

    @Test
    void whereTheTargetStandsIsShownInItsOwnTerms() throws IOException {
        JobRun run = JobRun.starting("0123456789abcdef0123456789abcdef", "");
        writeCheckpoint(run, WrittenCheckpoint.coordinator(4));

        assertThat(reader().of(task(StartPoint.BEGINNING).with(run)).targets())
                .containsExactly(
                        new PositionFinder.TargetFound(
                                "t0",
                                new ChannelPosition("t0", at(1), 0).toBase64(MqMessageIds.KAFKA),
                                76));
    }

    @Test
    void whatATaskBeganWithIsDoneBeforeItsFirstCommitAndWhenItCommittedLess() throws IOException {
        JobRun run = JobRun.starting("0123456789abcdef0123456789abcdef", "");
        Task task =
                task(
                        new StartPoint(
                                Map.of("p0", new MqPosition(1, 0)),
                                Map.of(),
                                Map.of(1L, Map.of("p0", 78L))));
        PositionReader reader =
                reader(MqMessageIds.PULSAR, collection(1, "old", new MqPosition(0, 9)));

        assertThat(reader.of(task).collections())
                .containsExactly(found(1, new MqPosition(1, 0), 78));
        writeCheckpoint(run, WrittenCheckpoint.coordinator(3));
        assertThat(reader.of(task.with(run)).collections())
                .containsExactly(found(1, new MqPosition(1, 1), 78));
    }

    @Test
    void whenTheCheckpointIsLostItIsWhatWasNotedLastWithItsAge() throws IOException {
        JobRun run = JobRun.starting("0123456789abcdef0123456789abcdef", "").withOwnCheckpoint();
        Path directory = writeCheckpoint(run, WrittenCheckpoint.coordinator(3));
        Task task = task(new StartPoint(Map.of("p0", new MqPosition(1, 0)), Map.of())).with(run);
        PositionReader reader =
                reader(
                        MqMessageIds.PULSAR,
                        collection(1, "old", new MqPosition(0, 9)),
                        collection(8, "young", new MqPosition(1, 7)));
        PositionFinder.Positions before = reader.of(task);
        LastPosition last =
                new LastPosition(
                        NOW - 4_000,
                        new CommittedProgress(new RestorePoints(data)).of(task).summary());
        Files.delete(directory.resolve("_metadata"));

        assertThatThrownBy(() -> reader.of(task)).hasMessageContaining("is left");
        PositionFinder.Positions after = reader.of(task.with(last));
        assertThat(after.collections()).isEqualTo(before.collections()).isNotEmpty();
        assertThat(after.operations()).isEqualTo(before.operations());
        assertThat(after.targets()).isEqualTo(before.targets());
        assertThat(after.earlier())
                .hasValueSatisfying(
                        earlier -> {
                            assertThat(earlier.takenMillis()).isEqualTo(NOW - 4_000);
                            assertThat(earlier.ageSeconds()).isEqualTo(4);
                            assertThat(earlier.why()).contains("is left", "docs/operations.md");
                        });
    }

    @Test
    void aCheckpointThatCanNotBeReadIsToldByItsDirectory() throws IOException {
        JobRun run = JobRun.starting("0123456789abcdef0123456789abcdef", "");
        Path directory = writeCheckpoint(run, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> reader().of(task(StartPoint.BEGINNING).with(run)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString());
    }

    private static PositionFinder.Found found(long collection, MqPosition at, long timestamp) {
        return new PositionFinder.Found(collection, new ChannelPosition("p0", at, timestamp));
    }

    private Path writeCheckpoint(JobRun run, byte[] coordinator) throws IOException {
        return WrittenCheckpoint.write(data, "t", run, coordinator);
    }

    private PositionReader reader(SourceCollection... collections) {
        return reader(MqMessageIds.KAFKA, collections);
    }

    private PositionReader reader(MqMessageIds ids, SourceCollection... collections) {
        return new PositionReader(
                new CommittedProgress(new RestorePoints(data)),
                () -> List.of(collections),
                "ops",
                ids,
                () -> Instant.ofEpochMilli(NOW));
    }

    private static Task task(StartPoint start) {
        return Task.created(
                "t",
                TaskDefinition.of(
                        MilvusConnectParam.ofUri("http://t:1"),
                        List.of(
                                new CollectionInfo("old", null, false),
                                new CollectionInfo("young", null, false))),
                start);
    }

    /** Two shards on one pchannel. */
    private static SourceCollection collection(long id, String name, long createdAt) {
        return collection(id, name, MqMessageIds.KAFKA.encode(at(createdAt)));
    }

    private static SourceCollection collection(long id, String name, MqPosition createdAt) {
        return collection(id, name, MqMessageIds.PULSAR.encode(createdAt));
    }

    private static SourceCollection collection(long id, String name, ByteString created) {
        return new SourceCollection(
                id,
                "default",
                name,
                id * 10,
                ObjectState.CREATED,
                CollectionSchema.getDefaultInstance(),
                2,
                0,
                List.of(),
                List.of("p0_" + id + "v0", "p0_" + id + "v1"),
                List.of("p0", "p0"),
                Map.of("p0", created),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static MqPosition at(long offset) {
        return MqPosition.ofKafkaOffset(offset);
    }
}

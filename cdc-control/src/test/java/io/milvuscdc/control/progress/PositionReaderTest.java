// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.progress;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before the first commit; what a checkpoint adds is tested where the checkpoint is written. */
final class PositionReaderTest {

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

    private PositionReader reader(SourceCollection... collections) {
        return new PositionReader(
                new CommittedProgress(new RestorePoints(data)),
                () -> List.of(collections),
                "ops",
                MqMessageIds.KAFKA);
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
        ByteString created = MqMessageIds.KAFKA.encode(at(createdAt));
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

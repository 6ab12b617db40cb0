// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgType;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import milvus.proto.msg.Msg;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The wire format on what a real Milvus 2.3.5 wrote to Kafka. RECORDED.md, in the test resources,
 * lists what was done; the numbers below follow from it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecordedWireTest {

    private static final String RECORDING = "/wire/milvus-2.3.5-kafka.bin";
    private static final String REPLICATE_CHANNEL = "source-replicate-msg";

    private final List<ChannelMessage> messages = new ArrayList<>();

    @BeforeAll
    void decodesEveryMessage() throws IOException {
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream(RECORDING));
                DataInputStream in = new DataInputStream(file)) {
            while (in.available() > 0) {
                String topic = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                MqPosition position = MqPosition.ofKafkaOffset(in.readLong());
                byte[] payload = in.readNBytes(in.readInt());
                messages.add(MessageDecoder.decode(topic, position, payload));
            }
        }
    }

    @Test
    void findsWhatWasDone() {
        Map<Integer, Long> onDmlChannels = countByType(false);
        onDmlChannels.remove(MsgType.TimeTick_VALUE);

        // one creation per shard; by_tenant's rows went into four partitions
        assertThat(onDmlChannels)
                .containsOnly(
                        Map.entry(MsgType.CreateCollection_VALUE, 10L),
                        Map.entry(MsgType.DropCollection_VALUE, 1L),
                        Map.entry(MsgType.DropPartition_VALUE, 1L),
                        Map.entry(MsgType.Insert_VALUE, 18L),
                        Map.entry(MsgType.Delete_VALUE, 5L));
        assertThat(countByType(true))
                .containsOnly(
                        Map.entry(MsgType.CreateIndex_VALUE, 4L),
                        Map.entry(MsgType.DropIndex_VALUE, 1L),
                        Map.entry(MsgType.LoadCollection_VALUE, 2L),
                        Map.entry(MsgType.ReleaseCollection_VALUE, 1L),
                        Map.entry(MsgType.Flush_VALUE, 1L),
                        Map.entry(MsgType.CreateDatabase_VALUE, 2L),
                        Map.entry(MsgType.DropDatabase_VALUE, 1L));
    }

    @Test
    void countsEveryRow() {
        // every_scalar 10 + 2 upserted, parts 3 + 3, binary 3, named 6 + 2, by_tenant 8, orders 3,
        // again 2 + 2
        assertThat(rows(MsgType.Insert_VALUE)).isEqualTo(44);
        // every_scalar 2 + 2 upserted, parts 1, named 2
        assertThat(rows(MsgType.Delete_VALUE)).isEqualTo(7);
    }

    @Test
    void tellsTheRouteOfEveryMessage() {
        Set<Long> created =
                ofType(MsgType.CreateCollection_VALUE).stream()
                        .map(ChannelMessage::collectionId)
                        .collect(Collectors.toSet());

        assertThat(created).hasSize(8);
        for (ChannelMessage message : rowChanges()) {
            assertThat(message.vchannel())
                    .matches(message.pchannel() + "_" + message.collectionId() + "v[01]");
            assertThat(created).contains(message.collectionId());
        }
        assertThat(ofType(MsgType.Insert_VALUE))
                .allMatch(insert -> insert.partitionId() > 0 && !insert.partitionName().isEmpty());
        assertThat(ofType(MsgType.Delete_VALUE))
                .filteredOn(delete -> delete.partitionId() == RouteTarget.ALL_PARTITIONS)
                .hasSize(2)
                .allMatch(delete -> delete.partitionName().isEmpty());
        assertThat(ofType(MsgType.DropCollection_VALUE))
                .allMatch(drop -> created.contains(drop.collectionId()));
        assertThat(ofType(MsgType.DropPartition_VALUE))
                .allMatch(drop -> drop.partitionId() > 0 && drop.partitionName().equals("p2"));
    }

    @Test
    void noTimeTickGoesBackAndNoMessageStaysBehindOne() {
        Map<String, Long> lastTick = new HashMap<>();
        for (ChannelMessage message : messages) {
            long tick = lastTick.getOrDefault(message.pchannel(), 0L);
            if (message.type() == MsgType.TimeTick_VALUE) {
                assertThat(message.timestamp()).isGreaterThanOrEqualTo(tick);
                lastTick.put(message.pchannel(), message.timestamp());
            } else {
                assertThat(message.timestamp()).as(message.toString()).isGreaterThan(tick);
            }
        }
        assertThat(lastTick).hasSize(10);
    }

    @Test
    void givesTheTwoHalvesOfAnUpsertTheSameTime() throws IOException {
        List<ChannelMessage> inserts = new ArrayList<>();
        for (ChannelMessage insert : ofType(MsgType.Insert_VALUE)) {
            if (Msg.InsertRequest.parseFrom(insert.payload()).getBase().getTimestamp() == 0) {
                inserts.add(insert);
            }
        }

        assertThat(inserts).hasSize(2);
        for (ChannelMessage insert : inserts) {
            assertThat(ofType(MsgType.Delete_VALUE))
                    .anyMatch(
                            delete ->
                                    delete.vchannel().equals(insert.vchannel())
                                            && delete.timestamp() == insert.timestamp());
        }
    }

    @Test
    void everyRowChangeHasItsOwnMsgIdAndNothingElseOnDmlChannelsHasOne() {
        Set<Long> ids = new HashSet<>();
        for (ChannelMessage message : messages) {
            if (MessageLayout.isDml(message.type())) {
                assertThat(ids.add(message.msgId())).isTrue();
                assertThat(message.msgId()).isPositive();
            } else if (!message.pchannel().equals(REPLICATE_CHANNEL)) {
                assertThat(message.msgId()).isZero();
            }
        }
    }

    @Test
    void rewritesTheRouteOfEveryRowChangeAndNothingElse() throws IOException {
        for (ChannelMessage message : rowChanges()) {
            boolean all = message.partitionId() == RouteTarget.ALL_PARTITIONS;
            RouteTarget target =
                    new RouteTarget(77, all ? -1 : 88, "target_77v0", "archive", "copy", "");

            ByteString rewritten =
                    MessageRewriter.rewrite(
                            message, MessageRewriter.suffix(message.type(), target));

            if (message.type() == MsgType.Insert_VALUE) {
                assertThat(Msg.InsertRequest.parseFrom(rewritten))
                        .isEqualTo(
                                Msg.InsertRequest.parseFrom(message.payload()).toBuilder()
                                        .setShardName("target_77v0")
                                        .setDbName("archive")
                                        .setCollectionName("copy")
                                        .setCollectionID(77)
                                        .setPartitionID(88)
                                        .build());
            } else {
                assertThat(Msg.DeleteRequest.parseFrom(rewritten))
                        .isEqualTo(
                                Msg.DeleteRequest.parseFrom(message.payload()).toBuilder()
                                        .setShardName("target_77v0")
                                        .setDbName("archive")
                                        .setCollectionName("copy")
                                        .setCollectionID(77)
                                        .setPartitionID(all ? -1 : 88)
                                        .build());
            }
        }
    }

    @Test
    void writesTimeTicksThatReadLikeThoseOfMilvus() {
        for (ChannelMessage tick : ofType(MsgType.TimeTick_VALUE)) {
            ByteString own = TimeTicks.message(tick.timestamp());

            ChannelMessage decoded = MessageDecoder.decode(tick.pchannel(), tick.position(), own);

            assertThat(decoded.type()).isEqualTo(tick.type());
            assertThat(decoded.timestamp()).isEqualTo(tick.timestamp());
            assertThat(decoded.msgId()).isEqualTo(tick.msgId());
        }
    }

    private Map<Integer, Long> countByType(boolean replicateChannel) {
        return messages.stream()
                .filter(m -> m.pchannel().equals(REPLICATE_CHANNEL) == replicateChannel)
                .collect(
                        Collectors.groupingBy(
                                ChannelMessage::type, HashMap::new, Collectors.counting()));
    }

    private long rows(int type) {
        return ofType(type).stream().mapToLong(ChannelMessage::rows).sum();
    }

    private List<ChannelMessage> ofType(int type) {
        return messages.stream().filter(m -> m.type() == type).toList();
    }

    private List<ChannelMessage> rowChanges() {
        return messages.stream().filter(m -> MessageLayout.isDml(m.type())).toList();
    }
}

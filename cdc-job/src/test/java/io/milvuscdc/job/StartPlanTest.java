// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class StartPlanTest {

    private static final String P0 = "by-dev-rootcoord-dml_0";
    private static final String P1 = "by-dev-rootcoord-dml_1";
    private static final String OPERATIONS = "by-dev-replicate-msg";
    private static final SourceChannels CHANNELS =
            new SourceChannels("kafka:9092", "by-dev-rootcoord-dml", OPERATIONS, Map.of());
    private static final CollectionPattern A = new CollectionPattern("default", "a");
    private static final Selection ALL = Selection.EVERYTHING;

    /** Made at offset 10 of both channels. */
    private static final SourceCollection OF_A = collection(1, "a", 10);

    /** Made at offset 20 of both channels. */
    private static final SourceCollection OF_B = collection(2, "b", 20);

    private final Map<String, MqPosition> begins = new HashMap<>(at(0, P0, P1, OPERATIONS));
    private final Map<String, MqPosition> ends = new HashMap<>(at(100, P0, P1, OPERATIONS));

    @Test
    void latestIsTheEndOfEveryChannel() throws IOException {
        StartPoint start = plan(ALL, List.of(), Map.of());

        assertThat(start.channels()).isEqualTo(at(100, P0, P1, OPERATIONS));
        assertThat(start.collections()).isEmpty();
    }

    @Test
    void aSelectionListsWhatItLeavesOutToo() throws IOException {
        StartPoint start = plan(new Selection(List.of(A), List.of()), List.of(), Map.of());

        assertThat(start.selected(1)).contains(true);
        assertThat(start.selected(2)).contains(false);
        assertThat(start.selected(3)).isEmpty();
        assertThat(start.collections()).containsEntry(1L, at(100, P0, P1));
    }

    @Test
    void aPlanThatIsNotKeptSkipsNothingThatARestoredJobHasStillToRead() throws IOException {
        begins.putAll(at(0, P0, P1));
        StartPoint first = unkept(Map.of(P0 + "_2v0", position(50), P1 + "_2v1", position(60)));
        ends.putAll(at(200, P0, P1));
        StartPoint again = unkept(Map.of(P0 + "_2v0", position(50), P1 + "_2v1", position(60)));

        assertThat(again.collections()).isEqualTo(first.collections());
        assertThat(again.collections()).containsEntry(1L, at(0, P0, P1));
        assertThat(again.selected(1)).contains(true);
        assertThat(again.collections().get(2L))
                .containsEntry(P0, MqPosition.ofKafkaOffset(50))
                .containsEntry(P1, MqPosition.ofKafkaOffset(60));
    }

    @Test
    void aPlanThatIsNotKeptDoesNotMindWhatTheBrokerHasForgottenSince() throws IOException {
        begins.putAll(at(100, P0, P1, OPERATIONS));
        ends.putAll(at(200, P0, P1, OPERATIONS));

        assertThat(unkept(Map.of(P0 + "_2v0", position(50), P1 + "_2v1", position(60))).channels())
                .containsEntry(P0, MqPosition.ofKafkaOffset(50))
                .containsEntry(P1, MqPosition.ofKafkaOffset(60));
        assertThat(unkept(List.of(A), Map.of(), Optional.of(position(7))).channels())
                .containsAllEntriesOf(at(10, P0, P1))
                .containsAllEntriesOf(at(7, OPERATIONS));
    }

    @Test
    void aPlanThatIsNotKeptDoesNotMindAChannelOfWhichNothingIsLeft() throws IOException {
        // a Pulsar doesn't name such ones
        ends.keySet().retainAll(List.of(P0));

        assertThat(
                        unkept(
                                        List.of(),
                                        Map.of(
                                                P0 + "_2v0",
                                                position(50),
                                                P1 + "_2v1",
                                                position(60)),
                                        Optional.of(position(7)))
                                .channels())
                .containsAllEntriesOf(at(60, P1))
                .containsAllEntriesOf(at(7, OPERATIONS));
    }

    @Test
    void aPlanThatIsNotKeptDoesNotMindCollectionsThatWereDroppedSince() throws IOException {
        begins.putAll(at(45, P1));
        StartPoint start =
                unkept(
                        Map.of(
                                P0 + "_2v0", position(50),
                                P1 + "_2v1", position(60),
                                P0 + "_9v0", position(40, 1_000),
                                P1 + "_9v1", position(41)));

        assertThat(start.channels())
                .containsEntry(P0, MqPosition.ofKafkaOffset(40))
                .containsEntry(P1, MqPosition.ofKafkaOffset(45));
        assertThat(start.collections().get(2L))
                .containsEntry(P0, MqPosition.ofKafkaOffset(50))
                .containsEntry(P1, MqPosition.ofKafkaOffset(60));
        assertThat(start.done()).isEqualTo(Map.of(9L, Map.of(P0, 1_000L)));
    }

    @Test
    void aPlanThatIsNotKeptStillRefusesPositionsOfAnotherSource() {
        assertThatThrownBy(() -> unkept(Map.of("other-dml_0_1v0", position(1))))
                .hasMessageContaining("other-dml_0_1v0 is no vchannel of the source");
        assertThatThrownBy(
                        () ->
                                unkept(
                                        Map.of(
                                                P0 + "_1v0", position(101),
                                                P1 + "_1v1", position(60))))
                .hasMessageContaining("ends at offset 100");
    }

    private StartPoint unkept(Map<String, ChannelPosition> positions) throws IOException {
        return unkept(List.of(), positions, Optional.empty());
    }

    private StartPoint unkept(
            List<CollectionPattern> fromStart,
            Map<String, ChannelPosition> positions,
            Optional<ChannelPosition> operations)
            throws IOException {
        return new StartPlan(CHANNELS, begins, ends, List.of(OF_A, OF_B))
                .ofUnkept(
                        new StartRequest(
                                new Selection(
                                        List.of(A, new CollectionPattern("default", "b")),
                                        List.of()),
                                fromStart,
                                positions,
                                operations));
    }

    @Test
    void oneCollectionsStartMovesItsChannelsAndNoOtherCollection() throws IOException {
        StartPoint start = plan(ALL, List.of(A), Map.of());

        assertThat(start.channels()).containsAllEntriesOf(at(10, P0, P1));
        assertThat(start.channels()).containsAllEntriesOf(at(100, OPERATIONS));
        assertThat(start.collections()).isEqualTo(Map.of(2L, at(100, P0, P1)));
    }

    @Test
    void aPositionIsPerChannelAndWinsOverTheCollectionsStart() throws IOException {
        StartPoint start =
                plan(ALL, List.of(A), Map.of(P0 + "_1v0", position(50), P1 + "_1v1", position(60)));

        assertThat(start.channels())
                .containsEntry(P0, MqPosition.ofKafkaOffset(50))
                .containsEntry(P1, MqPosition.ofKafkaOffset(60));
        assertThat(start.collections()).isEqualTo(Map.of(2L, at(100, P0, P1)));
    }

    @Test
    void aPositionsTimestampIsKeptForItsCollectionAndChannel() throws IOException {
        Map<String, ChannelPosition> positions =
                Map.of(
                        P0 + "_1v0", position(50, 1_000),
                        P0 + "_1v2", position(50, 900),
                        P1 + "_1v1", position(60, 0));

        assertThat(plan(ALL, List.of(), positions).done()).isEqualTo(Map.of(1L, Map.of(P0, 900L)));
        assertThat(unkept(positions).done()).isEqualTo(Map.of(1L, Map.of(P0, 900L)));
        assertThat(plan(ALL, List.of(A), Map.of()).done()).isEmpty();
    }

    @Test
    void aPositionFromTheFutureIsRefused() {
        long later = Tso.of(System.currentTimeMillis() + Duration.ofHours(2).toMillis(), 0);

        assertThatThrownBy(
                        () ->
                                plan(
                                        ALL,
                                        List.of(),
                                        Map.of(
                                                P0 + "_1v0",
                                                position(50, later),
                                                P1 + "_1v1",
                                                position(60))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(P0 + "_1v0")
                .hasMessageContaining("lies in the future");
    }

    @Test
    void anEarlierStartOfAnUnselectedCollectionCountsForNothing() throws IOException {
        StartPoint start =
                plan(
                        new Selection(List.of(A), List.of()),
                        List.of(new CollectionPattern("default", "*")),
                        Map.of());

        assertThat(start.channels()).containsAllEntriesOf(at(10, P0, P1));
        assertThat(start.selected(2)).contains(false);
    }

    @Test
    void theReplicateChannelBeginsAtItsOwnPosition() throws IOException {
        StartPoint start =
                new StartPlan(CHANNELS, begins, ends, List.of(OF_A))
                        .of(new StartRequest(ALL, List.of(), Map.of(), Optional.of(position(7))));

        assertThat(start.channels())
                .containsEntry(OPERATIONS, MqPosition.ofKafkaOffset(7))
                .containsEntry(P0, MqPosition.ofKafkaOffset(100));
    }

    @Test
    void whatTheBrokerHasForgottenIsNamed() {
        begins.putAll(at(55, P0, P1));

        assertThatThrownBy(() -> plan(ALL, List.of(A), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("collection default.a")
                .hasMessageContaining("offset 10")
                .hasMessageContaining("offset 55");
        assertThatThrownBy(
                        () ->
                                plan(
                                        ALL,
                                        List.of(),
                                        Map.of(
                                                P0 + "_1v0", position(54),
                                                P1 + "_1v1", position(60))))
                .hasMessageContaining(P0)
                .hasMessageContaining("offset 54");
    }

    @Test
    void aPositionBehindTheEndIsOfAnotherChannel() {
        assertThatThrownBy(
                        () ->
                                plan(
                                        ALL,
                                        List.of(),
                                        Map.of(
                                                P0 + "_1v0", position(101),
                                                P1 + "_1v1", position(60))))
                .hasMessageContaining("ends at offset 100");
    }

    @Test
    void aPositionOfAnotherSourceIsRefused() {
        assertThatThrownBy(() -> plan(ALL, List.of(), Map.of("other-dml_0_1v0", position(1))))
                .hasMessageContaining("other-dml_0_1v0 is no vchannel of the source");
        assertThatThrownBy(() -> plan(ALL, List.of(), Map.of(P0 + "_99v0", position(1))))
                .hasMessageContaining("no collection with the id");
        assertThatThrownBy(
                        () ->
                                plan(
                                        new Selection(List.of(A), List.of()),
                                        List.of(),
                                        Map.of(P0 + "_2v0", position(1))))
                .hasMessageContaining("default.b, which the task doesn't replicate");
    }

    @Test
    void aPositionForOnlySomeOfACollectionsChannelsIsRefused() {
        assertThatThrownBy(() -> plan(ALL, List.of(), Map.of(P0 + "_1v0", position(1))))
                .hasMessageContaining("also on channel " + P1);
        assertThatThrownBy(
                        () ->
                                plan(
                                        ALL,
                                        List.of(),
                                        Map.of(
                                                P0 + "_1v0",
                                                position(1),
                                                P1 + "_1v1",
                                                position(1),
                                                "by-dev-rootcoord-dml_2_1v2",
                                                position(1))))
                .hasMessageContaining("isn't on channel by-dev-rootcoord-dml_2");
    }

    @Test
    void aTakenOverTaskReadsChannelsOfDroppedCollectionsWhereTheyStood() throws IOException {
        StartPoint start = resumed(Map.of(P0 + "_2v0", 60L, P1 + "_2v0", 70L, P0 + "_9v0", 40L));

        assertThat(start.channels()).containsEntry(P0, MqPosition.ofKafkaOffset(10));
        assertThat(start.collections())
                .isEqualTo(
                        Map.of(
                                2L,
                                Map.of(
                                        P0, MqPosition.ofKafkaOffset(60),
                                        P1, MqPosition.ofKafkaOffset(70))));
        assertThatThrownBy(() -> plan(ALL, List.of(), Map.of(P0 + "_9v0", position(40))))
                .hasMessageContaining("no collection with the id");
    }

    @Test
    void aTakenOverTaskReadsDropsFromBeforeItsLiveCollections() throws IOException {
        Map<String, Long> positions =
                Map.of(
                        P0 + "_1v0",
                        50L,
                        P1 + "_1v0",
                        50L,
                        P0 + "_2v0",
                        60L,
                        P1 + "_2v0",
                        50L,
                        P0 + "_9v0",
                        40L);
        StartPoint start = resumed(positions);

        assertThat(start.channels()).containsEntry(P0, MqPosition.ofKafkaOffset(40));
        assertThat(start.channels()).containsEntry(P1, MqPosition.ofKafkaOffset(50));
        assertThat(start.collections())
                .isEqualTo(
                        Map.of(
                                1L, Map.of(P0, MqPosition.ofKafkaOffset(50)),
                                2L, Map.of(P0, MqPosition.ofKafkaOffset(60))));
    }

    @Test
    void aTakenOverTaskForgivesForgottenPositionsOnlyWhereNothingOfItsCollectionsIsLost()
            throws IOException {
        begins.putAll(at(45, P0, P1, OPERATIONS));
        Map<String, Long> positions =
                Map.of(
                        P0 + "_1v0",
                        50L,
                        P1 + "_1v0",
                        50L,
                        P0 + "_2v0",
                        60L,
                        P1 + "_2v0",
                        50L,
                        P0 + "_9v0",
                        40L);

        assertThat(resumed(positions).channels())
                .containsEntry(P0, MqPosition.ofKafkaOffset(45))
                .containsEntry(OPERATIONS, MqPosition.ofKafkaOffset(45));

        Map<String, Long> forgotten = new HashMap<>(positions);
        forgotten.put(P0 + "_1v0", 44L);
        assertThatThrownBy(() -> resumed(forgotten)).hasMessageContaining("has forgotten it");
    }

    @Test
    void aTakenOverTaskLeavesOutWhatWasHandledBeforeTheTickBehindItsPosition() throws IOException {
        StartPoint start =
                resumed(
                        Map.of(
                                P0 + "_1v0",
                                50L,
                                P1 + "_1v0",
                                60L,
                                P0 + "_2v0",
                                20L,
                                P1 + "_2v0",
                                20L,
                                P0 + "_9v0",
                                7L),
                        1_700_000_000_000L);

        assertThat(start.done())
                .as("collection 2 was never reached, 9 is gone")
                .isEqualTo(Map.of(1L, Map.of(P0, 1_050L, P1, 1_060L)));
        assertThat(resumed(Map.of(P0 + "_1v0", 50L, P1 + "_1v0", 60L)).done()).isEmpty();
    }

    private StartPoint resumed(Map<String, Long> offsets) throws IOException {
        return resumed(offsets, 0);
    }

    private StartPoint resumed(Map<String, Long> offsets, long timestamp) throws IOException {
        Map<String, ChannelPosition> positions = new HashMap<>();
        offsets.forEach(
                (vchannel, offset) ->
                        positions.put(
                                vchannel,
                                new ChannelPosition(
                                        vchannel.substring(0, vchannel.lastIndexOf('_')),
                                        MqPosition.ofKafkaOffset(offset),
                                        timestamp)));
        return new StartPlan(CHANNELS, begins, ends, List.of(OF_A, OF_B))
                .resumed(
                        new StartRequest(
                                ALL,
                                ALL.included(),
                                positions,
                                Optional.of(
                                        new ChannelPosition(
                                                OPERATIONS, MqPosition.ofKafkaOffset(3), 0))),
                        (pchannel, from) -> OptionalLong.of(1_000 + from.entry()));
    }

    private StartPoint plan(
            Selection selection,
            List<CollectionPattern> fromStart,
            Map<String, ChannelPosition> positions)
            throws IOException {
        return new StartPlan(CHANNELS, begins, ends, List.of(OF_A, OF_B))
                .of(new StartRequest(selection, fromStart, positions, Optional.empty()));
    }

    private static ChannelPosition position(long offset) {
        return position(offset, 0);
    }

    private static ChannelPosition position(long offset, long timestamp) {
        return new ChannelPosition(P0, MqPosition.ofKafkaOffset(offset), timestamp);
    }

    private static Map<String, MqPosition> at(long offset, String... channels) {
        Map<String, MqPosition> positions = new HashMap<>();
        for (String channel : channels) {
            positions.put(channel, MqPosition.ofKafkaOffset(offset));
        }
        return positions;
    }

    private static SourceCollection collection(long id, String name, long offset) {
        ByteString start = MqMessageIds.KAFKA.encode(MqPosition.ofKafkaOffset(offset));
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
                List.of(P0 + "_" + id + "v0", P1 + "_" + id + "v1"),
                List.of(P0, P1),
                Map.of(P0, start, P1, start),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.CheckpointsInStep;
import io.milvuscdc.connectors.source.EnumeratorContextDouble;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PulsarEnumeratorTest {

    private static final String P0 = "by-dev-rootcoord-dml_0";
    private static final String P1 = "by-dev-rootcoord-dml_1";
    private static final MqPosition END = new MqPosition(5, 100);
    private static final PulsarQueue QUEUE = PulsarQueue.of("pulsar://localhost:6650");

    private final EnumeratorContextDouble<PulsarSplit> flink = new EnumeratorContextDouble<>();

    @Test
    void everyChannelBeginsWhereTheTaskDoes() {
        PulsarEnumerator enumerator = enumerator(Map.of(P0, END));

        enumerator.found(Set.of(P0, P1), null);

        assertThat(flink.assigned())
                .containsExactlyInAnyOrder(
                        new PulsarSplit(P0, ReadPosition.before(END)),
                        new PulsarSplit(P1, Optional.empty()));
    }

    @Test
    void aChannelThatAppearedWhileTheJobWasDownIsReadFromItsBeginning() {
        // a job by flink run has been planned anew: P1 is there by now, and has messages
        PulsarEnumerator enumerator =
                restored(
                        new PulsarEnumeratorState(Set.of(P0), Optional.of(Map.of(P0, END))),
                        Map.of(P0, END, P1, END));
        enumerator.found(Set.of(P0, P1), null);

        assertThat(flink.assigned()).containsExactly(new PulsarSplit(P1, Optional.empty()));
        assertThat(enumerator.snapshotState(1))
                .isEqualTo(new PulsarEnumeratorState(Set.of(P0, P1), Optional.of(Map.of(P0, END))));
    }

    @Test
    void aCheckpointOfBeforeThereWasAnyChannelSkipsNothing() {
        PulsarEnumeratorState first = enumerator(Map.of()).snapshotState(1);

        // written to since; a job by flink run has been planned anew
        restored(first, Map.of(P0, END)).found(Set.of(P0), null);

        assertThat(flink.assigned()).containsExactly(new PulsarSplit(P0, Optional.empty()));
    }

    @Test
    void aCheckpointOfBeforeStartsWereKeptBeginsAsPlannedUnlessItHasChannels() {
        restored(new PulsarEnumeratorState(Set.of(), Optional.empty()), Map.of(P0, END))
                .found(Set.of(P0), null);
        restored(new PulsarEnumeratorState(Set.of(P0), Optional.empty()), Map.of(P1, END))
                .found(Set.of(P0, P1), null);

        assertThat(flink.assigned())
                .containsExactly(
                        new PulsarSplit(P0, ReadPosition.before(END)),
                        new PulsarSplit(P1, Optional.empty()));
    }

    private PulsarEnumerator enumerator(Map<String, MqPosition> starts) {
        flink.register(0);
        return new PulsarEnumerator(
                QUEUE, channels(), flink, CheckpointsInStep.of(flink, false), Set.of(), starts);
    }

    private PulsarEnumerator restored(
            PulsarEnumeratorState state, Map<String, MqPosition> planned) {
        flink.register(0);
        PulsarChannelSource source =
                new PulsarChannelSource(
                        QUEUE,
                        channels(),
                        new StartPoint(planned, Map.of()),
                        "subscription",
                        false);
        return (PulsarEnumerator) source.restoreEnumerator(flink, state);
    }

    private static SourceChannels channels() {
        return new SourceChannels(QUEUE, "by-dev-rootcoord-dml", "by-dev-replicate-msg");
    }
}

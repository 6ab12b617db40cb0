// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
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
        PulsarEnumerator enumerator =
                enumerator(new PulsarEnumeratorState(Set.of(), Map.of(P0, END)));

        enumerator.found(Set.of(P0, P1), null);

        assertThat(flink.assigned())
                .containsExactlyInAnyOrder(
                        new PulsarSplit(P0, ReadPosition.before(END)),
                        new PulsarSplit(P1, Optional.empty()));
    }

    @Test
    void aChannelThatAppearedWhileTheJobWasDownIsReadFromItsBeginning() {
        // a job by flink run has been planned anew: P1 is there by now, and has messages
        PulsarChannelSource planned =
                new PulsarChannelSource(
                        QUEUE,
                        channels(),
                        new StartPoint(Map.of(P0, END, P1, END), Map.of()),
                        "subscription");
        flink.register(0);

        var enumerator =
                (PulsarEnumerator)
                        planned.restoreEnumerator(
                                flink, new PulsarEnumeratorState(Set.of(P0), Map.of(P0, END)));
        enumerator.found(Set.of(P0, P1), null);

        assertThat(flink.assigned()).containsExactly(new PulsarSplit(P1, Optional.empty()));
        assertThat(enumerator.snapshotState(1))
                .isEqualTo(new PulsarEnumeratorState(Set.of(P0, P1), Map.of(P0, END)));
    }

    private PulsarEnumerator enumerator(PulsarEnumeratorState state) {
        flink.register(0);
        return new PulsarEnumerator(QUEUE, channels(), flink, state);
    }

    private static SourceChannels channels() {
        return new SourceChannels(QUEUE, "by-dev-rootcoord-dml", "by-dev-replicate-msg");
    }
}

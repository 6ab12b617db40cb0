// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumerator;
import org.apache.flink.connector.kafka.source.enumerator.initializer.NoStoppingOffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connector's own enumerator, with a broker whose answers are slow or leave something out. */
final class KafkaEnumeratorTest {

    private static final TopicPartition P0 = new TopicPartition("by-dev-rootcoord-dml_0", 0);
    private static final TopicPartition P1 = new TopicPartition("by-dev-rootcoord-dml_1", 0);
    private static final Map<String, Long> STARTS = Map.of(P0.topic(), 1_000L, P1.topic(), 2_000L);

    private final EnumeratorContextDouble<KafkaPartitionSplit> flink =
            new EnumeratorContextDouble<>();
    private final Set<TopicPartition> listed = new HashSet<>(Set.of(P0, P1));
    private KafkaEnumerator enumerator;

    @AfterEach
    void close() throws Exception {
        enumerator.close();
    }

    @Test
    void aBrokerThatIsSlowerThanTheIntervalHasEveryChannelReadOnce() {
        start(new KafkaSourceEnumState(Set.of(), false), STARTS);
        flink.register(0);
        // the first answer took so long that the next lists are overdue by then
        flink.periodPasses();
        flink.periodPasses();
        flink.periodPasses();
        flink.work();
        flink.coordinate();
        flink.periodPasses();
        askAndHandle();
        askAndHandle();

        assertThat(flink.assigned()).containsExactlyInAnyOrder(at(P0, 1_000), at(P1, 2_000));
    }

    @Test
    void aChannelThatTheFirstListLeavesOutBeginsWhereTheTaskDoes() {
        listed.remove(P1);
        start(new KafkaSourceEnumState(Set.of(), false), STARTS);
        flink.register(0);
        discover();
        listed.add(P1);
        discover();

        assertThat(flink.assigned()).containsExactly(at(P0, 1_000), at(P1, 2_000));
    }

    @Test
    void aReaderThatFailedGetsItsChannelsBack() throws Exception {
        start(new KafkaSourceEnumState(Set.of(), false), STARTS);
        flink.register(0);
        discover();
        flink.unregister(0);
        enumerator.addSplitsBack(List.copyOf(flink.assigned()), 0);
        flink.register(0);
        enumerator.addReader(0);
        discover();

        assertThat(flink.assigned())
                .containsExactlyInAnyOrder(
                        at(P0, 1_000), at(P1, 2_000), at(P0, 1_000), at(P1, 2_000));
    }

    @Test
    void aRestoredOneKnowsWhereTheTaskBeganAndWhatReadersHave() throws Exception {
        start(new KafkaSourceEnumState(Set.of(P0), Set.of(), true), Map.of(P0.topic(), 1_000L));
        flink.register(0);
        discover();

        assertThat(flink.assigned()).as("it appeared meanwhile").containsExactly(at(P1, 0));
        KafkaEnumeratorState state = enumerator.snapshotState(1);
        assertThat(state.starts()).contains(Map.of(P0.topic(), 1_000L));
        assertThat(state.connector().assignedPartitions()).containsExactlyInAnyOrder(P0, P1);
    }

    private void start(KafkaSourceEnumState restored, Map<String, Long> starts) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", "localhost:9");
        properties.setProperty("partition.discovery.interval.ms", "500");
        ChannelHandout handout =
                new ChannelHandout(flink, new TreeMap<>(starts), restored.assignedPartitions());
        enumerator =
                new KafkaEnumerator(
                        new KafkaSourceEnumerator(
                                admin -> new HashSet<>(listed),
                                new NeverReset(),
                                new NoStoppingOffsetsInitializer(),
                                properties,
                                handout,
                                Boundedness.CONTINUOUS_UNBOUNDED,
                                restored),
                        handout,
                        CheckpointsInStep.of(flink, false));
        enumerator.start();
    }

    private void discover() {
        flink.periodPasses();
        askAndHandle();
        askAndHandle();
    }

    private void askAndHandle() {
        flink.work();
        flink.coordinate();
    }

    private static KafkaPartitionSplit at(TopicPartition channel, long offset) {
        return new KafkaPartitionSplit(channel, offset);
    }
}

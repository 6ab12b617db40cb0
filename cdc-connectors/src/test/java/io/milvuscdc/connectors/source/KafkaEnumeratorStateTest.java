// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class KafkaEnumeratorStateTest {

    private static final TopicPartition P0 = new TopicPartition("by-dev-rootcoord-dml_0", 0);
    private static final KafkaEnumeratorState STATE =
            new KafkaEnumeratorState(
                    new KafkaSourceEnumState(Set.of(P0), Set.of(), true),
                    Optional.of(Map.of(P0.topic(), 1_000L, "by-dev-replicate-msg", 7L)));

    private final KafkaEnumeratorStateSerializer serializer =
            new KafkaEnumeratorStateSerializer(new KafkaSourceEnumStateSerializer());

    @Test
    void readsAndWritesVersion101() throws IOException {
        byte[] fixture = fixture(101);
        KafkaEnumeratorState read =
                SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, fixture);

        assertThat(read.connector().assignedPartitions()).containsExactly(P0);
        assertThat(read.connector().initialDiscoveryFinished()).isTrue();
        assertThat(read.starts()).isEqualTo(STATE.starts());
        assertThat(SimpleVersionedSerialization.writeVersionAndSerialize(serializer, STATE))
                .isEqualTo(fixture);
    }

    @Test
    void readsTheConnectorsOwn() throws IOException {
        KafkaEnumeratorState read =
                SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, fixture(2));

        assertThat(read.connector().assignedPartitions()).containsExactly(P0);
        assertThat(read.connector().initialDiscoveryFinished()).isTrue();
        assertThat(read.starts()).isEmpty();
    }

    @Test
    void refusesAnUnknownVersionAndBytesThatAreLeftOver() throws IOException {
        byte[] bytes = serializer.serialize(STATE);

        assertThatThrownBy(() -> serializer.deserialize(102, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has version 102");
        assertThatThrownBy(
                        () -> serializer.deserialize(101, Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("left over");
    }

    @Test
    void whatIsOlderKnowsTheChannelsOfTheFirstStart() {
        StartPoint today =
                StartPoint.ofKafkaOffsets(
                        Map.of(P0.topic(), 1_000L, "by-dev-rootcoord-dml_1", 2_000L));
        KafkaSourceEnumState found = new KafkaSourceEnumState(Set.of(), Set.of(P0), true);

        assertThat(new KafkaEnumeratorState(found, Optional.empty()).startsOr(today))
                .isEqualTo(Map.of(P0.topic(), 1_000L));
        assertThat(
                        new KafkaEnumeratorState(
                                        new KafkaSourceEnumState(Set.of(), false), Optional.empty())
                                .startsOr(today))
                .as("nothing was found yet")
                .isEqualTo(KafkaEnumeratorState.offsets(today));
        assertThat(
                        new KafkaEnumeratorState(found, Optional.of(Map.of(P0.topic(), 7L)))
                                .startsOr(today))
                .isEqualTo(Map.of(P0.topic(), 7L));
    }

    private static byte[] fixture(int version) throws IOException {
        String name = "/state/kafka-enumerator/v" + version + ".bin";
        try (InputStream in = KafkaEnumeratorStateTest.class.getResourceAsStream(name)) {
            assertThat(in).as("fixture %s", name).isNotNull();
            return in.readAllBytes();
        }
    }
}

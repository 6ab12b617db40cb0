// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.pulsar.client.impl.BatchMessageIdImpl;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.Test;

/** What a checkpoint holds of the Pulsar source, and how positions compare. */
final class PulsarStateTest {

    private static final ReadPosition READ = new ReadPosition(77, 12, 4);
    private static final PulsarSplit SPLIT =
            new PulsarSplit(
                    "by-dev-rootcoord-dml_3",
                    Optional.of(READ),
                    Optional.of(Map.of(450L, 0L, 451L, 7_000L)),
                    Optional.of(
                            new SeenEnd(
                                    READ,
                                    1700000000000L,
                                    1700000100000L,
                                    1700000200000L,
                                    1700000300000L)));
    private static final PulsarEnumeratorState STATE =
            new PulsarEnumeratorState(
                    Set.of("by-dev-rootcoord-dml_3", "by-dev-replicate-msg"),
                    Optional.of(
                            Map.of(
                                    "by-dev-rootcoord-dml_3",
                                    new MqPosition(77, 12),
                                    "by-dev-replicate-msg",
                                    new MqPosition(0, 0))));

    @Test
    void readsAndWritesTodaysVersions() throws IOException {
        assertThat(read("pulsar-split/v3", new PulsarSplitSerializer())).isEqualTo(SPLIT);
        assertThat(read("pulsar-enumerator/v2", new PulsarEnumeratorStateSerializer()))
                .isEqualTo(STATE);
        assertThat(write(new PulsarSplitSerializer(), SPLIT)).isEqualTo(fixture("pulsar-split/v3"));
        assertThat(write(new PulsarEnumeratorStateSerializer(), STATE))
                .isEqualTo(fixture("pulsar-enumerator/v2"));
    }

    @Test
    void readsASplitsOlderVersions() throws IOException {
        assertThat(read("pulsar-split/v1", new PulsarSplitSerializer()))
                .isEqualTo(new PulsarSplit(SPLIT.channel(), SPLIT.read()));
        assertThat(read("pulsar-split/v2", new PulsarSplitSerializer()))
                .isEqualTo(
                        new PulsarSplit(
                                SPLIT.channel(), SPLIT.read(), Optional.empty(), SPLIT.end()));
    }

    @Test
    void readsAnEnumeratorsVersion1() throws IOException {
        assertThat(read("pulsar-enumerator/v1", new PulsarEnumeratorStateSerializer()))
                .isEqualTo(new PulsarEnumeratorState(STATE.assigned(), Optional.empty()));
    }

    @Test
    void refusesAnUnknownVersionAndBytesThatAreLeftOver() throws IOException {
        PulsarSplitSerializer serializer = new PulsarSplitSerializer();
        byte[] bytes = serializer.serialize(SPLIT);

        assertThatThrownBy(() -> serializer.deserialize(4, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has version 4");
        assertThatThrownBy(() -> serializer.deserialize(3, Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("left over");
    }

    @Test
    void aStartIsBehindTheEntryInFrontOfIt() {
        ReadPosition before = ReadPosition.before(new MqPosition(7, 5)).orElseThrow();

        assertThat(before.position()).isEqualTo(new MqPosition(7, 4));
        assertThat(before.isBefore(new BatchMessageIdImpl(7, 4, -1, 9))).isFalse();
        assertThat(before.isBefore(new MessageIdImpl(7, 5, -1))).isTrue();
        assertThat(ReadPosition.before(new MqPosition(7, 0)).orElseThrow())
                .satisfies(
                        first -> assertThat(first.isBefore(new MessageIdImpl(7, 0, -1))).isTrue());
        assertThat(ReadPosition.before(new MqPosition(0, 0))).isEmpty();
    }

    @Test
    void goesOnInsideABatchAndTakesABatchOfOneForASingleMessage() {
        ReadPosition inside = ReadPosition.after(new BatchMessageIdImpl(7, 5, -1, 2));

        assertThat(inside.isBefore(new BatchMessageIdImpl(7, 5, -1, 2))).isFalse();
        assertThat(inside.isBefore(new BatchMessageIdImpl(7, 5, -1, 3))).isTrue();
        assertThat(inside.isBefore(new MessageIdImpl(8, 0, -1))).isTrue();
        assertThat(ReadPosition.after(new MessageIdImpl(7, 5, -1)))
                .isEqualTo(ReadPosition.after(new BatchMessageIdImpl(7, 5, -1, 0)));
    }

    private static <T> byte[] write(SimpleVersionedSerializer<T> serializer, T value)
            throws IOException {
        return SimpleVersionedSerialization.writeVersionAndSerialize(serializer, value);
    }

    private static <T> T read(String file, SimpleVersionedSerializer<T> serializer)
            throws IOException {
        return SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, fixture(file));
    }

    private static byte[] fixture(String file) throws IOException {
        String name = "/state/" + file + ".bin";
        try (InputStream in = PulsarStateTest.class.getResourceAsStream(name)) {
            assertThat(in).as("fixture %s", name).isNotNull();
            return in.readAllBytes();
        }
    }
}

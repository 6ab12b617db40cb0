// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.junit.jupiter.api.Test;

/**
 * What a checkpoint of an earlier release holds must be readable. The fixtures under {@code state/}
 * are never edited; a new version adds new ones.
 */
final class StateFixtureTest {

    private static final DropOperation DROP =
            new DropOperation(DropOperation.Kind.PARTITION, 77, 444, 5, 4_440, "db", "c", "p", 99);
    private static final FlushOperation FLUSH = new FlushOperation(78, "db", List.of("a", "b"));
    private static final Map<String, ChannelProgress> PROGRESS =
            Map.of("p0", new ChannelProgress(70, new MqPosition(1, 2)));

    private static final CommitUnit UNIT =
            new CommitUnit(12, 76, 77, List.of("t0", "t1"), List.of(DROP), List.of(FLUSH));

    private static final WriterReport REPORT =
            new WriterReport(
                    PROGRESS, Map.of(444L, 75L), List.of("t0"), List.of(DROP), List.of(FLUSH));
    private static final CoordinatorState COORDINATOR =
            new CoordinatorState(76, PROGRESS, List.of("t0"), List.of(DROP), List.of(FLUSH));
    private static final ChannelMessage WAITING =
            SourceMessages.insert(SourceMessages.P0, 3, 444, 5, 1_500);
    private static final WriterState WRITER =
            new WriterState(
                    List.of(new KnownCollection(444, 4_440, "db", "c", Map.of(1L, 11L))),
                    List.of(WAITING));

    @Test
    void readsVersion1OfEverything() throws IOException {
        assertThat(read("commit-unit", CommitUnit.SERIALIZER)).isEqualTo(UNIT);
        assertThat(read("writer-report", WriterReport.SERIALIZER)).isEqualTo(REPORT);
        assertThat(read("coordinator-state", CoordinatorState.SERIALIZER)).isEqualTo(COORDINATOR);
        assertThat(read("writer-state", WriterState.SERIALIZER)).isEqualTo(WRITER);
    }

    @Test
    void writesWhatItReads() throws IOException {
        assertThat(fixture("commit-unit")).isEqualTo(write(CommitUnit.SERIALIZER, UNIT));
        assertThat(fixture("writer-report")).isEqualTo(write(WriterReport.SERIALIZER, REPORT));
        assertThat(fixture("coordinator-state"))
                .isEqualTo(write(CoordinatorState.SERIALIZER, COORDINATOR));
        assertThat(fixture("writer-state")).isEqualTo(write(WriterState.SERIALIZER, WRITER));
    }

    @Test
    void refusesAnUnknownVersionAndBytesThatAreLeftOver() throws IOException {
        byte[] unit = CommitUnit.SERIALIZER.serialize(UNIT);

        assertThatThrownBy(() -> CommitUnit.SERIALIZER.deserialize(9, unit))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("commit unit has version 9");
        assertThatThrownBy(
                        () ->
                                CommitUnit.SERIALIZER.deserialize(
                                        1, Arrays.copyOf(unit, unit.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("left over");
        assertThatThrownBy(
                        () ->
                                CommitUnit.SERIALIZER.deserialize(
                                        1, Arrays.copyOf(unit, unit.length - 1)))
                .isInstanceOf(IOException.class);
    }

    private static <T> byte[] write(VersionedSerializer<T> serializer, T value) throws IOException {
        return SimpleVersionedSerialization.writeVersionAndSerialize(serializer, value);
    }

    private static <T> T read(String type, VersionedSerializer<T> serializer) throws IOException {
        return SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, fixture(type));
    }

    private static byte[] fixture(String type) throws IOException {
        String name = "/state/" + type + "/v1.bin";
        try (InputStream in = StateFixtureTest.class.getResourceAsStream(name)) {
            assertThat(in).as("fixture %s", name).isNotNull();
            return in.readAllBytes();
        }
    }
}

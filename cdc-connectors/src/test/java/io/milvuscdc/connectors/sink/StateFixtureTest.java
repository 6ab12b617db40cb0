// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.failure.UnreadableStateException;
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

    private static final UserRoleOperation USER_ROLE =
            new UserRoleOperation(1_500, ByteString.copyFromUtf8("request"));

    private static final Map<String, String> PLACES = Map.of("t0", "AQAAAAAAAAA=");
    private static final Map<String, Long> UNSENT_UP_TO = Map.of("p0", 79L);
    private static final long DRAINED = 1_700_000_000_000L;

    private static final CommitUnit UNIT = unit();
    private static final WriterReport REPORT = report();
    private static final CoordinatorState COORDINATOR = coordinator(Map.of());
    private static final Map<String, List<TickMark>> MARKS =
            Map.of(
                    "p0",
                    List.of(
                            new TickMark(70, new MqPosition(1, 1)),
                            new TickMark(80, new MqPosition(1, 5))));
    private static final ChannelMessage WAITING =
            SourceMessages.insert(SourceMessages.P0, 3, 444, 5, 1_500);
    private static final WriterState WRITER =
            new WriterState(
                    List.of(new KnownCollection(444, 4_440, "db", "c", Map.of(1L, 11L))),
                    List.of(WAITING));

    private static CommitUnit unit(UserRoleOperation... userRoles) {
        return unit(0, userRoles);
    }

    private static CommitUnit unit(long drainedMillis, UserRoleOperation... userRoles) {
        return new CommitUnit(
                12,
                76,
                77,
                List.of("t0", "t1"),
                List.of(DROP),
                List.of(FLUSH),
                List.of(userRoles),
                drainedMillis);
    }

    /** Before version 3 there was no ceiling: nothing was sent above the tick. */
    private static CoordinatorState coordinator(Map<String, List<TickMark>> marks) {
        return coordinator(marks, 76);
    }

    private static CoordinatorState coordinator(Map<String, List<TickMark>> marks, long ceiling) {
        return coordinator(marks, ceiling, 0, Map.of());
    }

    private static CoordinatorState coordinator(
            Map<String, List<TickMark>> marks,
            long ceiling,
            long drainedMillis,
            Map<String, String> places) {
        return new CoordinatorState(
                76,
                PROGRESS,
                List.of("t0"),
                List.of(DROP),
                List.of(FLUSH),
                marks,
                ceiling,
                drainedMillis,
                places);
    }

    private static WriterReport report(UserRoleOperation... userRoles) {
        return report(Map.of(), userRoles);
    }

    private static WriterReport report(
            Map<String, List<TickMark>> marks, UserRoleOperation... userRoles) {
        return report(marks, Map.of(), userRoles);
    }

    private static WriterReport report(
            Map<String, List<TickMark>> marks,
            Map<String, String> places,
            UserRoleOperation... userRoles) {
        return report(marks, places, Map.of(), userRoles);
    }

    private static WriterReport report(
            Map<String, List<TickMark>> marks,
            Map<String, String> places,
            Map<String, Long> unsentUpTo,
            UserRoleOperation... userRoles) {
        return new WriterReport(
                PROGRESS,
                Map.of(444L, 75L),
                List.of("t0"),
                List.of(DROP),
                List.of(FLUSH),
                List.of(userRoles),
                marks,
                places,
                unsentUpTo);
    }

    @Test
    void readsVersion1OfEverything() throws IOException {
        assertThat(read("commit-unit", 1, CommitUnit.SERIALIZER)).isEqualTo(UNIT);
        assertThat(read("writer-report", 1, WriterReport.SERIALIZER)).isEqualTo(REPORT);
        assertThat(read("coordinator-state", 1, CoordinatorState.SERIALIZER))
                .isEqualTo(COORDINATOR);
        assertThat(read("writer-state", 1, WriterState.SERIALIZER)).isEqualTo(WRITER);
    }

    @Test
    void readsVersion2WithChangesOfUsersAndRoles() throws IOException {
        assertThat(read("commit-unit", 2, CommitUnit.SERIALIZER)).isEqualTo(unit(USER_ROLE));
        assertThat(read("writer-report", 2, WriterReport.SERIALIZER)).isEqualTo(report(USER_ROLE));
    }

    @Test
    void readsWhereTheTicksLieFromVersion2Or3() throws IOException {
        assertThat(read("coordinator-state", 2, CoordinatorState.SERIALIZER))
                .isEqualTo(coordinator(MARKS));
        assertThat(read("writer-report", 3, WriterReport.SERIALIZER))
                .isEqualTo(report(MARKS, USER_ROLE));
    }

    @Test
    void readsVersion3OfTheCoordinatorWithItsCeiling() throws IOException {
        assertThat(read("coordinator-state", 3, CoordinatorState.SERIALIZER))
                .isEqualTo(coordinator(MARKS, 99));
    }

    @Test
    void readsVersion3Or4WithTheTargetsPlacesAndWhenTheSourceWasDrained() throws IOException {
        assertThat(read("commit-unit", 3, CommitUnit.SERIALIZER))
                .isEqualTo(unit(DRAINED, USER_ROLE));
        assertThat(read("writer-report", 4, WriterReport.SERIALIZER))
                .isEqualTo(report(MARKS, PLACES, USER_ROLE));
        assertThat(read("coordinator-state", 4, CoordinatorState.SERIALIZER))
                .isEqualTo(coordinator(MARKS, 99, DRAINED, PLACES));
    }

    @Test
    void readsWhatHasAChecksum() throws IOException {
        assertThat(read("commit-unit", 4, CommitUnit.SERIALIZER))
                .isEqualTo(unit(DRAINED, USER_ROLE));
        assertThat(read("writer-report", 5, WriterReport.SERIALIZER))
                .isEqualTo(report(MARKS, PLACES, USER_ROLE));
        assertThat(read("coordinator-state", 5, CoordinatorState.SERIALIZER))
                .isEqualTo(coordinator(MARKS, 99, DRAINED, PLACES));
        assertThat(read("writer-state", 2, WriterState.SERIALIZER)).isEqualTo(WRITER);
    }

    @Test
    void readsVersion6OfTheReportWithHowFarItsUnsentMessagesGo() throws IOException {
        assertThat(read("writer-report", 6, WriterReport.SERIALIZER))
                .isEqualTo(report(MARKS, PLACES, UNSENT_UP_TO, USER_ROLE));
    }

    @Test
    void writesWhatItReads() throws IOException {
        assertThat(fixture("commit-unit", 4))
                .isEqualTo(write(CommitUnit.SERIALIZER, unit(DRAINED, USER_ROLE)));
        assertThat(fixture("writer-report", 6))
                .isEqualTo(
                        write(
                                WriterReport.SERIALIZER,
                                report(MARKS, PLACES, UNSENT_UP_TO, USER_ROLE)));
        assertThat(fixture("coordinator-state", 5))
                .isEqualTo(
                        write(
                                CoordinatorState.SERIALIZER,
                                coordinator(MARKS, 99, DRAINED, PLACES)));
        assertThat(fixture("writer-state", 2)).isEqualTo(write(WriterState.SERIALIZER, WRITER));
    }

    @Test
    void showsNoRequestThatMayHoldAPassword() {
        assertThat(unit(USER_ROLE) + " " + report(USER_ROLE))
                .contains("UserRoleOperation[type=1500]")
                .doesNotContain("request");
    }

    @Test
    void refusesAnUnknownVersionAndBytesThatAreLeftOver() throws IOException {
        byte[] unit = CommitUnit.SERIALIZER.serialize(UNIT);

        assertThatThrownBy(() -> CommitUnit.SERIALIZER.deserialize(9, unit))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContaining("commit unit has version 9");
        assertThatThrownBy(
                        () ->
                                CommitUnit.SERIALIZER.deserialize(
                                        3, Arrays.copyOf(unit, unit.length + 1)))
                .as("before it had a checksum")
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContaining("left over");
        assertThatThrownBy(
                        () ->
                                CommitUnit.SERIALIZER.deserialize(
                                        3, Arrays.copyOf(unit, unit.length - 1)))
                .isInstanceOf(UnreadableStateException.class);
    }

    @Test
    void whatIsDamagedEndsTheJobInsteadOfBeingRestoredForEver() throws IOException {
        refusesEveryCutIn("commit-unit", 3, CommitUnit.SERIALIZER);
        refusesEveryCutIn("writer-report", 4, WriterReport.SERIALIZER);
        refusesEveryCutIn("coordinator-state", 4, CoordinatorState.SERIALIZER);
        refusesEveryCutIn("writer-state", 1, WriterState.SERIALIZER);
        refusesEveryCutIn("commit-unit", 4, CommitUnit.SERIALIZER);
        refusesEveryChangeIn("commit-unit", 4, CommitUnit.SERIALIZER);
        refusesEveryChangeIn("writer-report", 5, WriterReport.SERIALIZER);
        refusesEveryChangeIn("writer-report", 6, WriterReport.SERIALIZER);
        refusesEveryChangeIn("coordinator-state", 5, CoordinatorState.SERIALIZER);
        refusesEveryChangeIn("writer-state", 2, WriterState.SERIALIZER);
    }

    private static void refusesEveryChangeIn(
            String type, int version, VersionedSerializer<?> serializer) throws IOException {
        // behind the version and the length
        byte[] whole = Arrays.copyOfRange(fixture(type, version), 8, fixture(type, version).length);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x40;
            assertThatThrownBy(() -> serializer.deserialize(version, flipped))
                    .as("%s with another byte %d", type, at)
                    .isInstanceOf(UnreadableStateException.class)
                    .hasMessageContaining("its checksum isn't");
        }
    }

    private static void refusesEveryCutIn(
            String type, int version, VersionedSerializer<?> serializer) throws IOException {
        // behind the version and the length
        byte[] whole = Arrays.copyOfRange(fixture(type, version), 8, fixture(type, version).length);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> serializer.deserialize(version, cut))
                    .as("%s of %d bytes", type, length)
                    .isInstanceOf(UnreadableStateException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    private static <T> byte[] write(VersionedSerializer<T> serializer, T value) throws IOException {
        return SimpleVersionedSerialization.writeVersionAndSerialize(serializer, value);
    }

    private static <T> T read(String type, int version, VersionedSerializer<T> serializer)
            throws IOException {
        return SimpleVersionedSerialization.readVersionAndDeSerialize(
                serializer, fixture(type, version));
    }

    private static byte[] fixture(String type, int version) throws IOException {
        String name = "/state/" + type + "/v" + version + ".bin";
        try (InputStream in = StateFixtureTest.class.getResourceAsStream(name)) {
            assertThat(in).as("fixture %s", name).isNotNull();
            return in.readAllBytes();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A savepoint of a job by hand, whose coordinator has committed tick 76. */
final class GivenSavepointTest {

    private static final long TICK = 76;
    private static final JobRun RUN = JobRun.starting("00000000000000000000000000000001", "");

    @TempDir private Path data;
    @TempDir private Path elsewhere;

    private Path savepoint;

    @BeforeEach
    void writeSavepoint() throws IOException {
        savepoint = write(elsewhere);
    }

    private static Path write(Path below) throws IOException {
        return WrittenCheckpoint.write(below, "t1", RUN, WrittenCheckpoint.coordinator(3));
    }

    @Test
    void isTakenByItsPathOrUri() throws Exception {
        assertThat(given(Tasks.running("t1"), savepoint.toString())).isEqualTo(savepoint);
        assertThat(given(Tasks.running("t1"), savepoint.toUri().toString())).isEqualTo(savepoint);
    }

    @Test
    void isTakenByAUriAndByFlinksNameWhichHasNothingEscaped() throws Exception {
        savepoint = write(elsewhere.resolve("a b"));
        assertThat(given(Tasks.running("t1"), savepoint.toUri().toString())).isEqualTo(savepoint);
        assertThat(given(Tasks.running("t1"), "file:" + savepoint)).isEqualTo(savepoint);
        Path escaped = write(elsewhere.resolve("a%20b"));
        assertThat(given(Tasks.running("t1"), "file:" + escaped)).isEqualTo(escaped);
    }

    @Test
    void isTakenWhenItIsAsFarAsTheTaskOrFarther() throws Exception {
        write(data);
        assertThat(given(committed(TICK).with(RUN.ended()), savepoint.toString()))
                .isEqualTo(savepoint);
        assertThat(given(committed(TICK - 1), savepoint.toString())).isEqualTo(savepoint);
    }

    @Test
    void isRefusedWhenTheTaskHasCommittedMore() {
        refuses(committed(TICK + 1), savepoint.toString(), "is older than what the task has");
    }

    @Test
    void isRefusedWhenItHoldsNoJobOfThisKind() throws Exception {
        Path foreign = Files.createDirectories(elsewhere.resolve("foreign"));
        try (OutputStream metadata = Files.newOutputStream(foreign.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(1, List.of(), List.of()), metadata);
        }
        refuses(Tasks.running("t1"), foreign.toString(), "is of a job that replicates nothing");
    }

    @Test
    void isRefusedWhenItIsNotThereOrNotWhole() throws Exception {
        Path empty = Files.createDirectories(elsewhere.resolve("empty"));
        refuses(Tasks.running("t1"), empty.toString(), "there's no savepoint in " + empty);
        refuses(Tasks.running("t1"), "file:/no such", "there's no savepoint in /no such");
        refuses(Tasks.running("t1"), "file://elsewhere/s", "is no place of a savepoint");
        refuses(Tasks.running("t1"), "savepoints/1", "give an absolute path");
        refuses(Tasks.running("t1"), "file:relative", "is no place of a savepoint");
        Files.writeString(savepoint.resolve("_metadata"), "cut off");
        refuses(Tasks.running("t1"), savepoint.toString(), "can't be used");
    }

    private void refuses(Task task, String place, String why) {
        assertThatThrownBy(() -> given(task, place))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private Path given(Task task, String place) throws IOException {
        return new RestorePoints(data).given(task, place);
    }

    private static Task committed(long tick) {
        return Tasks.running("t1")
                .with(
                        new LastPosition(
                                1, new CommittedPositions.Summary(tick, 0, Map.of(), Map.of())));
    }
}

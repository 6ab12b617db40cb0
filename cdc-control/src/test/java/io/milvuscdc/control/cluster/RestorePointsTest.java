// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where what a task goes on from is looked for. */
final class RestorePointsTest {

    private static final JobRun RUN = JobRun.starting("00000000000000000000000000000001", "");

    @TempDir private Path root;

    @Test
    void isFoundBelowADirectoryOfAnyName() throws Exception {
        Path data = root.resolve("my data #1 at 100%");
        assertThat(newest(data, write(data, "t1"), "t1")).isTrue();
    }

    @Test
    void whatEarlierVersionsWroteBelowAnEscapedNameIsFound() throws Exception {
        Path escapedData = write(root.resolve("my%20data"), "t1");
        assertThat(newest(root.resolve("my data"), escapedData, "t1")).isTrue();
        Path escapedTask = write(root, "prod%201");
        assertThat(newest(root, escapedTask, "prod 1")).isTrue();
    }

    @Test
    void jobsThatCantBeLookedIntoAreNotTakenForOnesWithoutCheckpoints() throws Exception {
        Path job = root.resolve("checkpoints/t1").resolve(RUN.jobId());
        loopAt(job);
        refuses(job);
    }

    @Test
    void checkpointsThatCantBeLookedIntoAreNotTakenForNone() throws Exception {
        Path job = root.resolve("checkpoints/t1").resolve(RUN.jobId());
        loopAt(job.resolve("chk-7"));
        refuses(job);
    }

    @Test
    void checkpointsWhoseMetadataCantBeReadAreNotTakenForIncompleteOnes() throws Exception {
        Path checkpoint = root.resolve("checkpoints/t1").resolve(RUN.jobId()).resolve("chk-7");
        loopAt(checkpoint.resolve("_metadata"));
        refuses(checkpoint);
    }

    /** What nobody can look into, not even root, whom tests may run as. */
    private static void loopAt(Path link) throws IOException {
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link);
    }

    private void refuses(Path named) {
        assertThatThrownBy(() -> new RestorePoints(root).newest("t1", RUN))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(named + " can't be read: Too many levels of symbolic links")
                .hasMessageContaining("mend that and resume the task");
    }

    private static boolean newest(Path data, Path expected, String taskId) throws IOException {
        return new RestorePoints(data)
                .newest(taskId, RUN)
                .filter(found -> found.directory().equals(expected))
                .isPresent();
    }

    private static Path write(Path data, String taskId) throws IOException {
        return WrittenCheckpoint.write(data, taskId, RUN, WrittenCheckpoint.coordinator(3));
    }
}

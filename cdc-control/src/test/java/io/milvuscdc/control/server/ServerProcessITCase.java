// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.testutils.Await;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process with Flink inside, over HTTP, stopped and killed. Its job only counts. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ServerProcessITCase {

    private static final Pattern ID = Pattern.compile("\"task_id\":\"([a-z0-9]+)\"");

    @TempDir private Path directory;
    private Path root;
    private ServerProcess server;

    @BeforeEach
    void starts() throws Exception {
        // Flink and Java escape such names differently
        root = directory.resolve("my data #1");
        server = new ServerProcess(root);
        server.start();
    }

    @AfterEach
    void ends() throws InterruptedException {
        server.close();
    }

    @Test
    void createsPausesResumesAndDeletes() throws Exception {
        String task = create("target");
        awaitMore(50);
        Await.until("there's a checkpoint", () -> !metadata("checkpoints").isEmpty());
        assertThat(request("pause", task)).isEqualTo("{\"code\":200}\n");
        List<String> atPause = server.counted();
        assertThat(metadata("savepoints")).hasSize(1);
        assertThat(request("get", task)).contains("\"state\":\"Paused\"");

        assertThat(request("resume", task)).isEqualTo("{\"code\":200}\n");
        awaitMore(50);
        assertThat(server.counted().get(atPause.size()))
                .isEqualTo(atPause.size() + " " + (atPause.size() + 1));
        assertThat(request("get", task)).contains("\"state\":\"Running\"");
        // the savepoint isn't needed again after a checkpoint of the new job
        Await.until("the savepoint is gone", () -> metadata("savepoints").isEmpty());

        assertThat(request("delete", task)).isEqualTo("{\"code\":200}\n");
        assertThat(request("get", task)).contains("not found: [" + task + "]");
        assertThat(metadata("checkpoints")).isEmpty();
        assertCountedOnce();
    }

    @Test
    void goesOnByItselfAfterItWasKilled() throws Exception {
        create("target");
        for (int i = 0; i < 3; i++) {
            awaitMore(60);
            Await.until("there's a checkpoint", () -> !metadata("checkpoints").isEmpty());
            server.kill();
            int before = server.counted().size();
            server.start();
            awaitMore(1);
            long first = number(server.counted().get(before));
            assertThat(first).as("goes on from a checkpoint").isPositive();
        }
        awaitMore(50);
        assertCountedWithoutGap();
    }

    @Test
    void stopsWithASavepointAndGoesOnFromIt() throws Exception {
        create("target");
        awaitMore(50);
        assertThat(server.stop()).isEqualTo(128 + 15);
        assertThat(metadata("savepoints")).hasSize(1);
        assertThat(server.log()).contains("stopped, savepoint");
        server.start();
        awaitMore(50);
        assertCountedOnce();
    }

    @Test
    void aPausedTaskStaysPausedOverAKill() throws Exception {
        String task = create("target");
        awaitMore(50);
        request("pause", task);
        server.kill();
        int before = server.counted().size();
        server.start();
        assertThat(request("get", task))
                .contains("\"state\":\"Paused\"")
                .contains("manually pause through http interface");
        request("resume", task);
        awaitMore(50);
        assertThat(number(server.counted().get(before))).isEqualTo(before);
        assertCountedOnce();
    }

    @Test
    void aTaskThatMustNotStartByItselfIsPausedByARestartAndGoesOnWhenResumed() throws Exception {
        String task = create("target", ",'task_id':'mine','disable_auto_start':true");
        assertThat(task).isEqualTo("mine");
        awaitMore(50);
        server.stop();
        int before = server.counted().size();
        server.start();
        assertThat(request("get", task))
                .contains("\"state\":\"Paused\"")
                .contains("the task is disabled auto start");
        request("resume", task);
        awaitMore(50);
        assertThat(number(server.counted().get(before))).isEqualTo(before);
        assertCountedOnce();
    }

    @Test
    void aJobThatFailsForGoodPausesItsTaskWithTheReason() throws Exception {
        String task = create("faulty");
        Await.until("it's paused", () -> request("get", task).contains("\"state\":\"Paused\""));
        assertThat(request("get", task))
                .contains("\"reason\":\"IllegalStateException: number 20 is one too many\"");
        assertThat(request("resume", task)).isEqualTo("{\"code\":200}\n");
        Await.until("it's paused again", () -> request("get", task).contains("one too many"));
    }

    @Test
    void aDamagedCheckpointPausesItsTaskWithTheReasonAndCanBePutBack() throws Exception {
        server.close();
        server.keepStateInFiles();
        server.start();
        String task = create("target");
        awaitMore(50);
        Await.until("there's a checkpoint", () -> !metadata("checkpoints").isEmpty());
        Path outage = root.resolve("counted" + CountingJob.OUTAGE);
        Files.createFile(outage);
        Await.until("it's restarted", () -> server.log().contains("the outage isn't over"));
        Await.until("older ones are gone", () -> metadata("checkpoints").size() == 1);
        Path metadata = metadata("checkpoints").get(0);
        Path state = stateBeside(metadata);
        Path aside = Files.move(state, root.resolve("aside"));
        Await.until("it's paused", () -> request("get", task).contains("\"state\":\"Paused\""));
        assertThat(request("get", task)).contains(state + " is missing");
        Files.delete(outage);
        Files.move(aside, state);

        byte[] whole = Files.readAllBytes(metadata);
        Files.write(metadata, Arrays.copyOf(whole, whole.length / 2));
        assertThat(request("resume", task)).isEqualTo("{\"code\":200}\n");
        server.kill();
        server.start();
        Await.until("it's paused", () -> request("get", task).contains("ends too early"));
        assertThat(request("position", task)).contains("ends too early", "docs/operations.md");

        // a byte that has changed, in each of its files
        Files.write(metadata, whole);
        for (Path file : List.of(metadata, state)) {
            byte[] before = Files.readAllBytes(file);
            byte[] flipped = before.clone();
            flipped[flipped.length / 3] ^= 0x04;
            Files.write(file, flipped);
            assertThat(request("resume", task)).isEqualTo("{\"code\":200}\n");
            String what = file.getFileName() + ", its checksum ";
            Await.until(
                    "it's paused",
                    () -> {
                        String shown = request("get", task);
                        return shown.contains("\"state\":\"Paused\"") && shown.contains(what);
                    });
            Files.write(file, before);
        }
        assertThat(request("resume", task)).isEqualTo("{\"code\":200}\n");
        awaitMore(50);
        assertCountedWithoutGap();

        // one that can't be put back
        server.kill();
        Files.writeString(metadata("checkpoints").get(0), "damaged");
        server.start();
        Await.until("it's paused", () -> request("get", task).contains("can't be used"));
        assertThat(request("delete", task)).isEqualTo("{\"code\":200}\n");
        assertThat(metadata("checkpoints")).isEmpty();
        int before = server.counted().size();
        create("target", ",'task_id':'" + task + "'");
        awaitMore(1);
        assertThat(number(server.counted().get(before))).isZero();
    }

    @Test
    void aTaskWhoseCheckpointsCannotBeWrittenSaysSoAndGoesOnByItself() throws Exception {
        String task = create("target");
        awaitMore(50);
        Await.until("there's a checkpoint", () -> !metadata("checkpoints").isEmpty());
        Path directory = root.resolve("data/checkpoints").resolve(task);
        Path aside = root.resolve("aside");
        Files.move(directory, aside);
        Files.createFile(directory);
        Await.until(
                "it says so",
                () -> server.log().contains("its checkpoints can't be written to " + directory));
        assertThat(request("get", task)).contains("\"state\":\"Running\"");
        Files.delete(directory);
        Files.move(aside, directory);
        Path last = metadata("checkpoints").get(0);
        Await.until("there's a newer one", () -> !Files.exists(last));
        awaitMore(50);
        assertThat(request("get", task)).contains("\"state\":\"Running\"");
        assertCountedWithoutGap();
    }

    private static Path stateBeside(Path metadata) throws IOException {
        try (Stream<Path> files = Files.list(metadata.getParent())) {
            return files.filter(file -> !file.equals(metadata)).findFirst().orElseThrow();
        }
    }

    @Test
    void showsMetricsOfItselfAndOfFlinksJobsOnTheManagementPort() throws Exception {
        String task = create("target");
        awaitMore(50);
        for (String path : List.of("/metrics", "/cdc/metrics")) {
            Await.until(
                    "the job's checkpoints are counted",
                    () ->
                            server.management(path)
                                    .contains(
                                            "milvus_cdc_task_checkpoint_age_seconds{task_id=\""
                                                    + task
                                                    + "\"} "));
        }
        assertThat(server.management("/metrics"))
                .contains("milvus_cdc_task_state{task_id=\"" + task + "\"} 1.0")
                .contains("milvus_cdc_task_restarts_total{task_id=\"" + task + "\"} 0.0")
                .contains("milvus_cdc_task_checkpoint_readable{task_id=\"" + task + "\"} 1.0")
                .contains("milvus_cdc_task_lag_seconds{task_id=\"" + task + "\"} ")
                .contains(
                        "milvus_cdc_request_total{request_status=\"success\",request_type=\"create\"} 1.0")
                .contains("milvus_cdc_store_up 1.0")
                .contains("process_cpu_seconds_total ")
                .contains("jvm_memory_used_bytes{");
    }

    @Test
    void aSecondProcessOnTheSameDirectoryIsRefusedInWords() throws Exception {
        Process second = server.launch();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(server.log()).contains("another control plane uses the directory");
    }

    private String create(String host) throws Exception {
        return create(host, "");
    }

    private String create(String host, String more) throws Exception {
        String answer =
                server.cdc(
                        "{'request_type':'create','request_data':{'milvus_connect_param':{'uri':"
                                + "'http://"
                                + host
                                + ":19530'},'collection_infos':[{'name':'*'}]"
                                + more
                                + "}}");
        Matcher id = ID.matcher(answer);
        assertThat(id.find()).as(answer).isTrue();
        return id.group(1);
    }

    private String request(String type, String task) throws IOException, InterruptedException {
        return server.cdc(
                "{'request_type':'" + type + "','request_data':{'task_id':'" + task + "'}}");
    }

    private void awaitMore(int lines) throws Exception {
        int before = server.counted().size();
        Await.until(
                lines + " more numbers are counted",
                () -> server.counted().size() >= before + lines);
    }

    /** The job removes old checkpoints meanwhile: a directory may be gone once it was listed. */
    private List<Path> metadata(String kind) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                root.resolve("data").resolve(kind),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.endsWith("_metadata")) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
        return found;
    }

    private void assertCountedOnce() throws IOException {
        List<String> counted = server.counted();
        for (int i = 0; i < counted.size(); i++) {
            assertThat(counted.get(i)).isEqualTo(i + " " + (i + 1));
        }
    }

    /** A number may come again after a restore, but none is left out, and the count always fits. */
    private void assertCountedWithoutGap() throws IOException {
        Set<Long> numbers = new HashSet<>();
        for (String line : server.counted()) {
            long number = number(line);
            numbers.add(number);
            assertThat(line).isEqualTo(number + " " + (number + 1));
            assertThat(number == 0 || numbers.contains(number - 1)).as(line).isTrue();
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }
}

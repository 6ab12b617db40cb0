// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerProcessITCase {

    private static final Duration BOUND = Await.PATIENCE;

    @TempDir private Path directory;

    @Test
    void killsASuspendedProcess() {
        try (ServerProcess process = started("sleep", "600")) {
            process.suspend();
            Await.until("the process to stop", BOUND, () -> state(process.pid()) == 'T');
            process.resumeProcess();
            Await.until("the process to run on", BOUND, () -> state(process.pid()) != 'T');
            process.suspend();

            process.kill9();

            assertThat(process.isAlive()).isFalse();
        }
    }

    @Test
    void saysAtOnceThatAProcessHasEndedAndWhatItPrintedLast() {
        try (ServerProcess process = started("sh", "-c", "echo no such port; exit 3")) {
            assertThatThrownBy(() -> process.awaitReady(BOUND, () -> false))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("exit code 3")
                    .hasMessageContaining("no such port");
        }
    }

    @Test
    void returnsTheExitCodeOfAProcessThatIsTerminated() {
        try (ServerProcess process =
                started("sh", "-c", "trap 'exit 7' TERM; echo up; while :; do sleep 0.1; done")) {
            Await.until("the trap", BOUND, () -> Files.readString(process.log()).contains("up"));

            assertThat(process.terminate(BOUND)).isEqualTo(7);
        }
    }

    @Test
    void leavesNothingBehindWhenTheJvmDiesWithoutWarning() throws IOException {
        Process jvm =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                HaltingJvm.class.getName(),
                                directory.toString())
                        .start();
        String pid =
                new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        Await.until(
                "process " + pid + " to be killed",
                BOUND,
                () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }

    private ServerProcess started(String... command) {
        ServerProcess process = new ServerProcess("process", directory, List.of(command), Map.of());
        process.start();
        return process;
    }

    private static char state(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}

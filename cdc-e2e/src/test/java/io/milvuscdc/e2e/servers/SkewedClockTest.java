// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class SkewedClockTest {

    private static final Duration BEHIND = Duration.ofMinutes(2);

    // one thread answers, another one asks for the time all the while, as threads of a Milvus do
    private static final String ASKED =
            "class Asked { static volatile long seen;"
                    + " public static void main(String[] a) throws Exception {"
                    + " Thread busy = new Thread("
                    + "() -> { while (true) seen = System.currentTimeMillis(); });"
                    + " busy.setDaemon(true); busy.start();"
                    + " while (System.in.read() > 0)"
                    + " System.out.println(java.time.Instant.now()); } }";

    @TempDir private Path directory;

    @Test
    void oneProcessIsBehindUntilItsClockIsSetRight() throws Exception {
        Path source = Files.writeString(directory.resolve("Asked.java"), ASKED);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(java.toString(), source.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedWriter ask = process.outputWriter();
                BufferedReader answer = process.inputReader()) {
            assertThat(now(ask, answer)).isAfter(Instant.now().minus(BEHIND.dividedBy(2)));
            for (int time = 0; time < 2; time++) {
                SkewedClock clock = SkewedClock.setBack(process.pid(), (int) BEHIND.toSeconds());
                Instant before = Instant.now();
                assertThat(now(ask, answer))
                        .isBetween(before.minus(BEHIND), Instant.now().minus(BEHIND));
                clock.setRight();
                assertThat(now(ask, answer)).isAfterOrEqualTo(before);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static Instant now(BufferedWriter ask, BufferedReader answer) throws Exception {
        ask.write('?');
        ask.flush();
        return Instant.parse(answer.readLine());
    }
}

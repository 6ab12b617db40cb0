// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogWatchTest {

    private static final String BEFORE = "2026-11-21 14:05:30.528 WARN  [a] io.x.Old - before\n";

    @TempDir private Path directory;
    private Path log;

    @BeforeEach
    void write() throws IOException {
        log = directory.resolve("milvus-cdc.log");
        Files.writeString(log, BEFORE);
    }

    @Test
    void seesOnlyWhatCameSince() throws IOException {
        LogWatch watch = new LogWatch(log);
        append("2026-11-21 14:05:31.000 INFO  [a] io.x.Some - all well\n");

        assertThat(watch.lastTrouble()).isEmpty();
    }

    @Test
    void tellsTheLastWarningWithoutItsTimeAndThread() throws IOException {
        LogWatch watch = new LogWatch(log);
        append("2026-11-21 14:05:31.000 WARN  [a (1/2)#0] io.x.Some - one\n");
        append("java.io.IOException: with a trace\n");
        append("2026-11-21 14:05:32.000 ERROR [b] io.x.y.Other - two: of [c]\n");

        assertThat(watch.lastTrouble()).isEqualTo("ERROR Other - two: of [c]");
    }

    @Test
    void goesOnInANewFileWhenTheOldOneWasFull() throws IOException {
        LogWatch watch = new LogWatch(log);
        Files.writeString(log, "2026-11-21 14:05:33.0 WARN  [a] A - b\n");

        assertThat(watch.lastTrouble()).contains("A - b");
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BookieFightTest {

    private static final String LOST =
            "INFO - Lock on resource /ledgers/available/127.0.0.1:1 was invalidated. state Valid\n";

    @TempDir Path directory;

    @Test
    void aRegistrationThatIsLostAgainAndAgainIsAFight() throws Exception {
        Path log = Files.writeString(directory.resolve("pulsar.log"), LOST.repeat(3));
        assertThat(BookieFight.isIn(log, 0)).isFalse();

        Files.writeString(log, LOST.repeat(100));
        assertThat(BookieFight.isIn(log, 0)).isTrue();
    }

    @Test
    void whatIsFromAnEarlierStartDoesNotCount() throws Exception {
        Path log = Files.writeString(directory.resolve("pulsar.log"), LOST.repeat(100));
        long started = Files.size(log);
        Files.writeString(log, LOST.repeat(100) + "INFO - messaging service is ready\n");

        assertThat(BookieFight.isIn(log, started)).isFalse();
    }
}

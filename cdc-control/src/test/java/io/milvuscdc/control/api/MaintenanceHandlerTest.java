// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new log level does to the running process; the answers are golden files. */
final class MaintenanceHandlerTest {

    private final Level before = level();

    @AfterEach
    void setsTheLevelBack() {
        Configurator.setLevel("io.milvuscdc", before);
    }

    @ParameterizedTest
    @CsvSource({
        "debug, DEBUG",
        "Info, INFO",
        "WARN, WARN",
        "error, ERROR",
        "dpanic, FATAL",
        "panic, FATAL",
        "fatal, FATAL"
    })
    void theLevelHoldsAtOnce(String wanted, String expected) throws Exception {
        set(wanted);
        assertThat(level()).isEqualTo(Level.valueOf(expected));
    }

    @Test
    void anUnknownLevelChangesNothing() throws Exception {
        set("error");
        set("loud");
        assertThat(level()).isEqualTo(Level.ERROR);
    }

    private static void set(String level) throws Exception {
        String body = "{\"operation\":\"set_log_level\",\"params\":{\"log_level\":\"%s\"}}";
        new MaintenanceHandler()
                .handle(Fields.of(new ObjectMapper().readTree(body.formatted(level))));
    }

    private static Level level() {
        return LogManager.getLogger("io.milvuscdc.control.reconcile.AutoStart").getLevel();
    }
}

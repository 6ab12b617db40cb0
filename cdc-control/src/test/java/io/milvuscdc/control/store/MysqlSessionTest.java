// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.config.MysqlAddress;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What is asked of the driver; TaskStoreITCase uses it. */
final class MysqlSessionTest {

    @Test
    void theServerLetsGoOfALostMachinesLocksSoon() {
        Properties properties =
                MysqlSession.properties(MysqlAddress.ofDsn("u:p@tcp(h:3306)/d?tls=true"));
        assertThat(properties)
                .containsEntry("sessionVariables", "wait_timeout=15")
                .containsEntry("sslMode", "verify-full")
                .containsEntry("user", "u")
                .containsEntry("password", "p");
    }
}

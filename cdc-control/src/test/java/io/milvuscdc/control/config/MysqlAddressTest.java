// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Go driver's DSN. */
final class MysqlAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "root:root@tcp(127.0.0.1:3306)/milvus-cdc?charset=utf8|root|root|127.0.0.1:3306|milvus-cdc",
                "u:p:@/(x)?a=b@tcp(db.example)/cdc|u|p:@/(x)?a=b|db.example:3306|cdc",
                "u@tcp([::1]:3307)/cdc|u|\"\"|[::1]:3307|cdc",
                "tcp(h:1)/cdc|\"\"|\"\"|h:1|cdc",
                "u:p@/cdc?parseTime=true&loc=Local|u|p|127.0.0.1:3306|cdc",
            })
    void readsWhatTheGoDriverReads(
            String dsn, String user, String password, String server, String database) {
        assertThat(MysqlAddress.ofDsn(dsn))
                .isEqualTo(new MysqlAddress(user, password, server, database, Map.of()));
    }

    @Test
    void tlsIsAskedOfTheDriver() {
        assertThat(MysqlAddress.ofDsn("u:p@tcp(h:1)/d?tls=true").properties())
                .isEqualTo(Map.of("sslMode", "verify-full"));
        assertThat(MysqlAddress.ofDsn("u:p@tcp(h:1)/d?tls=skip-verify").properties())
                .isEqualTo(Map.of("sslMode", "trust"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u:s3cret|has no '/'",
                "u:s3cret@tcp(h:1)/|names no database",
                "u:s3cret@unix(/tmp/x)/d|only tcp(host:port)",
                "u:s3cret@tcp(h:1/d|isn't of the form tcp(host:port)",
                "u:s3cret@tcp(h:1)/d?tls=maybe|tls must be true, false or skip-verify",
                "u:s3cret@tcp(h:1)/d?sql_mode=x|parameter 'sql_mode' isn't known",
            })
    void refusesWhatItCantUseAndRepeatsNoPassword(String dsn, String message) {
        assertThatThrownBy(() -> MysqlAddress.ofDsn(dsn))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void showsNoSecretAsText() {
        MysqlAddress address = MysqlAddress.ofDsn("u:s3cret@tcp(h:1)/d");
        assertThat(address + address.jdbcUrl()).doesNotContain("s3cret");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where a MySQL or MariaDB is, read from the form that the Go tool has for it, a go-sql-driver DSN:
 * {@code user:password@tcp(host:port)/database?charset=utf8}. Its text form shows no secret.
 *
 * @param properties of the JDBC driver
 */
public record MysqlAddress(
        String user,
        String password,
        String hostAndPort,
        String database,
        Map<String, String> properties) {

    /** What the DSN may say that has no meaning for JDBC, or is so anyway. */
    private static final Set<String> WITHOUT_MEANING =
            Set.of(
                    "allowAllFiles",
                    "allowCleartextPasswords",
                    "allowFallbackToPlaintext",
                    "allowNativePasswords",
                    "allowOldPasswords",
                    "charset",
                    "checkConnLiveness",
                    "clientFoundRows",
                    "collation",
                    "columnsWithAlias",
                    "connectionAttributes",
                    "interpolateParams",
                    "loc",
                    "maxAllowedPacket",
                    "multiStatements",
                    "parseTime",
                    "readTimeout",
                    "rejectReadOnly",
                    "serverPubKey",
                    "timeTruncate",
                    "timeout",
                    "writeTimeout");

    public MysqlAddress {
        properties = new TreeMap<>(properties);
    }

    /**
     * Reads a DSN.
     *
     * @throws IllegalArgumentException it's none that can be used; says why, and repeats nothing of
     *     it, as it holds a password
     */
    public static MysqlAddress ofDsn(String dsn) {
        // as the Go driver splits it: the password may hold '/', ':' and '@'
        int slash = dsn.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("it has no '/' before the name of the database");
        }
        String server = dsn.substring(0, slash);
        String rest = dsn.substring(slash + 1);
        int question = rest.indexOf('?');
        String database = question < 0 ? rest : rest.substring(0, question);
        if (database.isEmpty()) {
            throw new IllegalArgumentException("it names no database");
        }
        int at = server.lastIndexOf('@');
        String login = at < 0 ? "" : server.substring(0, at);
        int colon = login.indexOf(':');
        return new MysqlAddress(
                colon < 0 ? login : login.substring(0, colon),
                colon < 0 ? "" : login.substring(colon + 1),
                hostAndPort(server.substring(at + 1)),
                database,
                properties(question < 0 ? "" : rest.substring(question + 1)));
    }

    private static String hostAndPort(String address) {
        int open = address.indexOf('(');
        String protocol = open < 0 ? address : address.substring(0, open);
        if (!protocol.isEmpty() && !protocol.equals("tcp")) {
            throw new IllegalArgumentException(
                    "only tcp(host:port) can be used, but its protocol is " + protocol);
        }
        if (open >= 0 && !address.endsWith(")")) {
            throw new IllegalArgumentException("the address isn't of the form tcp(host:port)");
        }
        String host = open < 0 ? "" : address.substring(open + 1, address.length() - 1);
        if (host.isEmpty()) {
            return "127.0.0.1:3306";
        }
        return host.matches(".*:\\d+") ? host : host + ":3306";
    }

    private static Map<String, String> properties(String parameters) {
        Map<String, String> properties = new TreeMap<>();
        for (String parameter : parameters.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (parameter.isEmpty()) {
                continue;
            }
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            if (name.equals("tls")) {
                properties.put("sslMode", sslMode(value));
            } else if (!WITHOUT_MEANING.contains(name)) {
                throw new IllegalArgumentException(
                        "its parameter '" + name + "' isn't known, remove it");
            }
        }
        return properties;
    }

    private static String sslMode(String tls) {
        return switch (tls) {
            case "false" -> "disable";
            case "true" -> "verify-full";
            case "skip-verify" -> "trust";
            default ->
                    throw new IllegalArgumentException(
                            "its parameter tls must be true, false or skip-verify");
        };
    }

    /** The URL for JDBC, without login. */
    public String jdbcUrl() {
        return "jdbc:mariadb://" + hostAndPort + "/" + database;
    }

    @Override
    public String toString() {
        return "MySQL " + hostAndPort + "/" + database;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * A row with the time until which its owner has it, by the server's clock. A row rather than
 * GET_LOCK, which goes with the connection: after a short break another process would have it at
 * once, while this one's jobs still run.
 */
final class MysqlLease implements StoreLease {

    private static final String NOW = "UTC_TIMESTAMP(3)";

    private final MysqlSession mysql;
    private final StoreKeys keys;
    private final Duration ttl;
    private final String owner;

    MysqlLease(MysqlSession mysql, StoreKeys keys, Duration ttl, String owner) {
        this.mysql = mysql;
        this.keys = keys;
        this.ttl = ttl;
        this.owner = owner;
    }

    @Override
    public Optional<String> take() throws StoreException {
        return mysql.call(
                "become the owner of " + describe(),
                connection -> {
                    insertWhenMissing(connection);
                    int taken =
                            update(
                                    connection,
                                    "UPDATE flink_owner SET owner = ?, expires_at = "
                                            + later()
                                            + " WHERE root_path = ? AND (owner = ? OR expires_at <= "
                                            + NOW
                                            + ")",
                                    owner,
                                    keys.root(),
                                    owner);
                    return taken == 1 ? Optional.empty() : Optional.of(owner(connection));
                });
    }

    private void insertWhenMissing(Connection connection) throws SQLException {
        update(
                connection,
                "INSERT IGNORE INTO flink_owner (root_path, owner, expires_at) VALUES (?, '', "
                        + NOW
                        + ")",
                keys.root());
    }

    private String later() {
        return NOW + " + INTERVAL " + ttl.toMillis() * 1000 + " MICROSECOND";
    }

    @Override
    public boolean renew() throws StoreException {
        return mysql.call(
                "stay the owner of " + describe(),
                connection ->
                        update(
                                        connection,
                                        "UPDATE flink_owner SET expires_at = "
                                                + later()
                                                + " WHERE root_path = ? AND owner = ?",
                                        keys.root(),
                                        owner)
                                == 1);
    }

    /**
     * Returns when this process is the owner, and keeps it so until the transaction ends.
     *
     * @throws StoreException it isn't
     */
    void check(Connection connection) throws SQLException, StoreException {
        String now = owner(connection);
        if (!now.equals(owner)) {
            throw new StoreException(
                    "this control plane no longer owns "
                            + describe()
                            + " and must not change it: "
                            + now
                            + " owns it");
        }
    }

    private String owner(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT owner FROM flink_owner WHERE root_path = ? FOR UPDATE")) {
            query.setString(1, keys.root());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : "nobody";
            }
        }
    }

    @Override
    public void release() throws StoreException {
        mysql.call(
                "give up " + describe(),
                connection ->
                        update(
                                connection,
                                "UPDATE flink_owner SET expires_at = "
                                        + NOW
                                        + " WHERE root_path = ? AND owner = ?",
                                keys.root(),
                                owner));
    }

    private static int update(Connection connection, String sql, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public String describe() {
        return "the root path '" + keys.root() + "' in " + mysql;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvuscdc.control.config.MysqlAddress;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Go tool's tables in a MySQL or MariaDB. A write is one transaction that locks the owner's row
 * and the task's: it's refused when this process isn't the owner, or the task has changed.
 */
final class MysqlRecords implements Records {

    private final MysqlSession mysql;
    private final MysqlSession forLease;
    private final StoreKeys keys;
    private final MysqlLease lease;
    private final Ownership ownership;
    private final ObjectMapper json = new ObjectMapper();

    private MysqlRecords(
            MysqlSession mysql,
            MysqlSession forLease,
            StoreKeys keys,
            MysqlLease lease,
            Ownership ownership) {
        this.mysql = mysql;
        this.forLease = forLease;
        this.keys = keys;
        this.lease = lease;
        this.ownership = ownership;
    }

    /**
     * Makes what tables are missing and waits until this process owns the root path.
     *
     * @param onLost see {@link Ownership#await}
     */
    static MysqlRecords open(
            MysqlAddress address, String rootPath, Duration ttl, String owner, Runnable onLost)
            throws StoreException, InterruptedException {
        MysqlSession mysql = new MysqlSession(address);
        // the lease must not wait for work on tasks
        MysqlSession forLease = new MysqlSession(address);
        try {
            MysqlTables.make(mysql);
            StoreKeys keys = new StoreKeys(rootPath);
            MysqlLease lease = new MysqlLease(forLease, keys, ttl, owner);
            Ownership ownership = Ownership.await(lease, ttl, onLost);
            return new MysqlRecords(mysql, forLease, keys, lease, ownership);
        } catch (StoreException | InterruptedException e) {
            mysql.close();
            forLease.close();
            throw e;
        }
    }

    @Override
    public List<StoredRecord> list() throws StoreException {
        return mysql.call(
                "list the tasks",
                connection -> {
                    List<StoredRecord> records = new ArrayList<>();
                    try (PreparedStatement query =
                                    connection.prepareStatement(
                                            "SELECT task_info_key, task_info_value FROM task_info");
                            ResultSet rows = query.executeQuery()) {
                        while (rows.next()) {
                            String key = rows.getString(1);
                            String value = rows.getString(2);
                            keys.taskId(key)
                                    .ifPresent(
                                            taskId ->
                                                    records.add(
                                                            new StoredRecord(
                                                                    taskId, key, value, 0)));
                        }
                    }
                    return records;
                });
    }

    @Override
    public Optional<StoredRecord> find(String taskId) throws StoreException {
        return mysql.call("read the task " + taskId, connection -> find(connection, taskId));
    }

    /** A task's value below a root path that another process may own; locks nothing. */
    static Optional<StoredRecord> find(MysqlSession mysql, StoreKeys keys, String taskId)
            throws StoreException {
        return mysql.call(
                "read the task " + taskId, connection -> find(connection, keys, taskId, ""));
    }

    private Optional<StoredRecord> find(Connection connection, String taskId) throws SQLException {
        return find(connection, keys, taskId, " FOR UPDATE");
    }

    private static Optional<StoredRecord> find(
            Connection connection, StoreKeys keys, String taskId, String lock) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT task_info_value FROM task_info WHERE task_info_key = ?" + lock)) {
            query.setString(1, keys.task(taskId));
            try (ResultSet rows = query.executeQuery()) {
                return rows.next()
                        ? Optional.of(
                                new StoredRecord(taskId, keys.task(taskId), rows.getString(1), 0))
                        : Optional.empty();
            }
        }
    }

    @Override
    public Optional<StoredRecord> write(
            String taskId, String value, Optional<StoredRecord> expected) throws StoreException {
        ownership.check();
        return mysql.call(
                "write the task " + taskId,
                connection -> {
                    lease.check(connection);
                    if (!same(find(connection, taskId), expected)) {
                        return Optional.empty();
                    }
                    put(connection, taskId, value, expected.isPresent());
                    return find(connection, taskId);
                });
    }

    private void put(Connection connection, String taskId, String value, boolean exists)
            throws SQLException {
        try (PreparedStatement change =
                connection.prepareStatement(
                        exists
                                ? "UPDATE task_info SET task_info_value = ? WHERE task_info_key = ?"
                                : "INSERT INTO task_info (task_info_value, task_info_key, task_id)"
                                        + " VALUES (?, ?, ?)")) {
            change.setString(1, value);
            change.setString(2, keys.task(taskId));
            if (!exists) {
                change.setString(3, taskId);
            }
            change.executeUpdate();
        }
    }

    /** MySQL keeps JSON in a form of its own, so texts can't be compared. */
    private boolean same(Optional<StoredRecord> found, Optional<StoredRecord> expected)
            throws StoreException {
        if (found.isEmpty() || expected.isEmpty()) {
            return found.isEmpty() && expected.isEmpty();
        }
        try {
            return json.readTree(found.get().json()).equals(json.readTree(expected.get().json()));
        } catch (JsonProcessingException e) {
            throw new StoreException("the row " + found.get().key() + " isn't JSON", e);
        }
    }

    @Override
    public void delete(String taskId) throws StoreException {
        ownership.check();
        mysql.call(
                "delete the task " + taskId,
                connection -> {
                    lease.check(connection);
                    try (PreparedStatement task =
                                    connection.prepareStatement(
                                            "DELETE FROM task_info WHERE task_info_key = ?");
                            PreparedStatement positions =
                                    connection.prepareStatement(
                                            "DELETE FROM task_position WHERE task_id = ? AND"
                                                    + " LEFT(task_position_key, CHAR_LENGTH(?)) ="
                                                    + " ?")) {
                        task.setString(1, keys.task(taskId));
                        task.executeUpdate();
                        positions.setString(1, taskId);
                        positions.setString(2, keys.positions(taskId));
                        positions.setString(3, keys.positions(taskId));
                        positions.executeUpdate();
                    }
                    return true;
                });
    }

    @Override
    public void probe() throws StoreException {
        // of no task: the table is there and may be read
        find(mysql, keys, "");
    }

    @Override
    public List<GoCheckpoint> checkpoints(String taskId) throws StoreException {
        GoCheckpointCodec codec = new GoCheckpointCodec();
        return mysql.call(
                "read the positions of the task " + taskId,
                connection -> {
                    List<GoCheckpoint> checkpoints = new ArrayList<>();
                    try (PreparedStatement query =
                            connection.prepareStatement(
                                    "SELECT task_position_key, collection_id, task_position_value"
                                            + " FROM task_position WHERE task_id = ?")) {
                        query.setString(1, taskId);
                        try (ResultSet rows = query.executeQuery()) {
                            while (rows.next()) {
                                if (rows.getString(1).startsWith(keys.positions(taskId))) {
                                    checkpoints.add(decode(codec, rows));
                                }
                            }
                        }
                    }
                    return checkpoints;
                });
    }

    private static GoCheckpoint decode(GoCheckpointCodec codec, ResultSet row)
            throws SQLException, StoreException {
        try {
            return codec.decode(row.getLong(2), row.getString(3));
        } catch (IOException e) {
            throw new StoreException(
                    "the row " + row.getString(1) + " holds no position: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            ownership.close();
        } finally {
            mysql.close();
            forLease.close();
        }
    }
}

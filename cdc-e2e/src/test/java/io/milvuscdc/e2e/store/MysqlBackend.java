// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.control.config.MysqlAddress;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MariadbServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A real MariaDB, whose tables were made by the Go tool. */
final class MysqlBackend implements StoreBackend {

    private final MariadbServer server =
            MariadbServer.start(
                    ServerCache.fetchWithMariadb(),
                    new FreePorts(),
                    ServerDirectory.of("store-mariadb"));

    MysqlBackend() throws SQLException {
        execute(
                "CREATE TABLE IF NOT EXISTS task_info (task_info_key VARCHAR(255) NOT NULL, task_id"
                        + " VARCHAR(255) NOT NULL, task_info_value JSON NOT NULL, PRIMARY KEY"
                        + " (task_info_key), INDEX idx_key (task_info_key), INDEX idx_task_id"
                        + " (task_id))");
        execute(
                "CREATE TABLE IF NOT EXISTS task_position (task_position_key VARCHAR(255) NOT NULL,"
                        + " task_id VARCHAR(255) NOT NULL, collection_id BIGINT NOT NULL,"
                        + " collection_name VARCHAR(256) NOT NULL, task_position_value JSON NOT"
                        + " NULL, op_position_value JSON, target_position_value JSON, PRIMARY KEY"
                        + " (task_position_key), INDEX idx_key (task_position_key), INDEX"
                        + " idx_task_id (task_id))");
    }

    @Override
    public StoreSettings settings(String rootPath) {
        return new StoreSettings(
                StoreSettings.Type.MYSQL,
                rootPath,
                Path.of("unused"),
                new EtcdConfig(List.of(), rootPath, "", ""),
                Optional.of(MysqlAddress.ofDsn(server.dsn())),
                Duration.ofSeconds(5),
                "");
    }

    @Override
    public Map<String, String> tasks(String rootPath) throws SQLException {
        Map<String, String> tasks = new TreeMap<>();
        String prefix = join(rootPath, "task_info/");
        for (List<String> row : rows("SELECT task_info_key, task_info_value FROM task_info", 2)) {
            if (row.get(0).startsWith(prefix)) {
                tasks.put(row.get(0).substring(prefix.length()), row.get(1));
            }
        }
        return tasks;
    }

    @Override
    public void putTask(String rootPath, String taskId, String json) throws SQLException {
        execute(
                "INSERT INTO task_info (task_info_key, task_id, task_info_value) VALUES (?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE task_info_value = VALUES(task_info_value)",
                join(rootPath, "task_info/" + taskId),
                taskId,
                json);
    }

    @Override
    public void putPosition(String rootPath, String taskId, GoPosition position)
            throws SQLException {
        execute(
                "INSERT INTO task_position (task_position_key, task_id, collection_id,"
                        + " collection_name, task_position_value, op_position_value,"
                        + " target_position_value) VALUES (?, ?, ?, ?, ?, ?, '{}') ON DUPLICATE KEY"
                        + " UPDATE task_position_value = VALUES(task_position_value)",
                join(rootPath, "task_position/" + taskId + "/" + position.collectionId()),
                taskId,
                String.valueOf(position.collectionId()),
                position.name(),
                position.positions(),
                position.positions());
    }

    @Override
    public List<String> positions(String rootPath, String taskId) throws SQLException {
        return rows("SELECT task_position_key FROM task_position", 1).stream()
                .map(row -> row.get(0))
                .filter(key -> key.startsWith(join(rootPath, "task_position/" + taskId + "/")))
                .toList();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void usurp(String rootPath) throws SQLException {
        execute(
                "UPDATE flink_owner SET owner = 'somebody else', expires_at = UTC_TIMESTAMP(3) +"
                        + " INTERVAL 1 HOUR WHERE root_path = ?",
                join(rootPath, ""));
    }

    private void execute(String sql, String... parameters) throws SQLException {
        try (Connection connection = server.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private List<List<String>> rows(String sql, int columns) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = server.connect();
                PreparedStatement query = connection.prepareStatement(sql);
                ResultSet result = query.executeQuery()) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** As Go's path.Join. */
    private static String join(String rootPath, String rest) {
        String joined = (rootPath + "/" + rest).replaceAll("/+", "/");
        return rootPath.startsWith("/") ? joined : joined.replaceFirst("^/", "");
    }

    @Override
    public void close() {
        server.close();
    }
}

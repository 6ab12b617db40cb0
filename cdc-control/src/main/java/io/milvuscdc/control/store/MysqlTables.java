// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** The tables: the Go tool's as it makes them, and one of our own. Existing ones are left alone. */
final class MysqlTables {

    private static final Map<String, String> COLUMNS =
            new TreeMap<>(
                    Map.of(
                            "task_info",
                            "task_info_key VARCHAR(255) NOT NULL PRIMARY KEY,"
                                    + " task_id VARCHAR(255) NOT NULL,"
                                    + " task_info_value JSON NOT NULL,"
                                    + " INDEX idx_key (task_info_key), INDEX idx_task_id (task_id)",
                            "task_position",
                            "task_position_key VARCHAR(255) NOT NULL PRIMARY KEY,"
                                    + " task_id VARCHAR(255) NOT NULL,"
                                    + " collection_id BIGINT NOT NULL,"
                                    + " collection_name VARCHAR(256) NOT NULL,"
                                    + " task_position_value JSON NOT NULL,"
                                    + " op_position_value JSON, target_position_value JSON,"
                                    + " INDEX idx_key (task_position_key),"
                                    + " INDEX idx_task_id (task_id)",
                            "flink_owner",
                            "root_path VARCHAR(255) NOT NULL PRIMARY KEY,"
                                    + " owner VARCHAR(255) NOT NULL,"
                                    + " expires_at DATETIME(3) NOT NULL"));

    private MysqlTables() {}

    /** Makes the tables that are missing, so that who has them all needs no right to make any. */
    static void make(MysqlSession mysql) throws StoreException {
        for (Map.Entry<String, String> table : COLUMNS.entrySet()) {
            mysql.call(
                    "make the table " + table.getKey(),
                    connection -> {
                        if (!exists(connection, table.getKey())) {
                            execute(
                                    connection,
                                    "CREATE TABLE IF NOT EXISTS "
                                            + table.getKey()
                                            + " ("
                                            + table.getValue()
                                            + ")");
                        }
                        return true;
                    });
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (ResultSet found =
                connection
                        .getMetaData()
                        .getTables(connection.getCatalog(), null, table, new String[] {"TABLE"})) {
            return found.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

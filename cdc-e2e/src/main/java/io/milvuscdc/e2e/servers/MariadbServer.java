// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A MariaDB with one database and one user that may do everything. */
public final class MariadbServer implements AutoCloseable {

    /** The user. */
    public static final String USER = "cdc";

    /** The user's password, with everything in it that a DSN has a use for. */
    public static final String PASSWORD = "s3cret:@/(x)?a=b";

    /** The database. */
    public static final String DATABASE = "milvus-cdc";

    private static final Duration READY = Await.PATIENCE;

    private final ServerProcess process;
    private final int port;

    private MariadbServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one with its data in {@code directory} and returns when it answers. */
    public static MariadbServer start(ServerCache cache, FreePorts ports, Path directory) {
        Path data = directory.resolve("data");
        Path init = directory.resolve("init.sql");
        try {
            Files.createDirectories(data);
            Files.writeString(
                    init,
                    "CREATE DATABASE IF NOT EXISTS `"
                            + DATABASE
                            + "`;\nCREATE USER IF NOT EXISTS '"
                            + USER
                            + "'@'%' IDENTIFIED BY '"
                            + PASSWORD
                            + "';\nGRANT ALL ON *.* TO '"
                            + USER
                            + "'@'%';\n");
            makeSystemTables(cache.mariadb(), directory, data);
        } catch (IOException e) {
            throw new ServerException("cannot prepare a MariaDB in " + directory, e);
        }
        int port = ports.next();
        List<String> command = command(cache.mariadb(), data);
        command.addAll(
                List.of(
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--socket=" + directory.resolve("socket"),
                        "--init-file=" + init));
        MariadbServer server =
                new MariadbServer(new ServerProcess("mariadb", directory, command, Map.of()), port);
        server.launch();
        return server;
    }

    private static List<String> command(Path mariadb, Path data) {
        return new ArrayList<>(
                List.of(
                        mariadb.resolve("mariadbd").toString(),
                        "--no-defaults",
                        // it refuses to be root unless it's told to
                        "--user=" + System.getProperty("user.name"),
                        "--datadir=" + data,
                        "--lc-messages-dir=" + mariadb.resolve("share"),
                        "--innodb-log-file-size=8M",
                        "--innodb-buffer-pool-size=16M"));
    }

    private static void makeSystemTables(Path mariadb, Path directory, Path data)
            throws IOException {
        Path sql = directory.resolve("system.sql");
        Files.writeString(
                sql,
                "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
                        + Files.readString(mariadb.resolve("share/mysql_system_tables.sql"))
                        + Files.readString(mariadb.resolve("share/mysql_system_tables_data.sql")));
        List<String> command = command(mariadb, data);
        command.add("--bootstrap");
        Path log = directory.resolve("bootstrap.log");
        Process bootstrap =
                new ProcessBuilder(command)
                        .redirectInput(sql.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(log.toFile()))
                        .start();
        try {
            if (bootstrap.waitFor() != 0) {
                throw new ServerException("MariaDB can't make its system tables, see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while making MariaDB's system tables", e);
        }
    }

    private void launch() {
        process.start();
        process.awaitReady(READY, this::answers);
    }

    private boolean answers() throws SQLException {
        try (Connection connection = connect()) {
            return connection.isValid(2);
        }
    }

    /** A new connection to the database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + port + "/" + DATABASE, USER, PASSWORD);
    }

    /** Where it is, as the Go tool's configuration says it. */
    public String dsn() {
        return USER + ":" + PASSWORD + "@tcp(127.0.0.1:" + port + ")/" + DATABASE + "?charset=utf8";
    }

    /** Its process, for signals. */
    public ServerProcess process() {
        return process;
    }

    /** Kills it, if it runs, and starts it again on the same port and data. */
    public void restart() {
        process.kill9();
        launch();
    }

    @Override
    public void close() {
        process.close();
    }
}

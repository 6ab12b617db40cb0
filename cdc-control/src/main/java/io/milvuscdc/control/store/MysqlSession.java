// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.milvuscdc.control.config.MysqlAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a MySQL or MariaDB, opened again when it was lost. Work is done in
 * transactions, one after the other.
 */
final class MysqlSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MysqlSession.class);
    private static final Duration BOUND = Duration.ofSeconds(5);

    /**
     * How long the server keeps a connection that says nothing, by default 8 h. The locks of a
     * machine that is lost inside a transaction last as long, and who takes over waits for them.
     * More than the time between two writes of what runs, which so keep their connection.
     */
    private static final Duration IDLE = Duration.ofSeconds(15);

    private static final int ACCESS_DENIED = 1045;
    private static final int DATABASE_DENIED = 1044;
    private static final int NO_SUCH_DATABASE = 1049;
    private static final int TABLE_DENIED = 1142;

    private final MysqlAddress address;
    private Connection connection;
    private boolean closed;

    MysqlSession(MysqlAddress address) {
        this.address = address;
    }

    /** Something to do in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException, StoreException;
    }

    /**
     * What the work gives, committed.
     *
     * @param what for the message, "can't ..."
     */
    synchronized <T> T call(String what, Work<T> work) throws StoreException {
        if (closed) {
            throw new StoreException("the connection to " + this + " is closed");
        }
        try {
            Connection open = connection();
            T result = work.in(open);
            open.commit();
            return result;
        } catch (SQLException e) {
            discard();
            throw StoreException.passing("can't " + what + ": " + inWords(e), e);
        } catch (StoreException | RuntimeException e) {
            discard();
            throw e;
        }
    }

    private Connection connection() throws SQLException {
        // one that the server has closed since, as idle or in a restart, is found out before it
        // matters
        if (connection != null && !connection.isValid((int) BOUND.toSeconds())) {
            discard();
        }
        if (connection == null) {
            connection = DriverManager.getConnection(address.jdbcUrl(), properties(address));
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        return connection;
    }

    /** For the driver. */
    static Properties properties(MysqlAddress address) {
        Properties properties = new Properties();
        properties.putAll(address.properties());
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("connectTimeout", String.valueOf(BOUND.toMillis()));
        properties.setProperty("socketTimeout", String.valueOf(BOUND.toMillis()));
        properties.setProperty("sessionVariables", "wait_timeout=" + IDLE.toSeconds());
        // what MySQL 8 asks of a login without TLS; the Go driver does the same
        properties.setProperty("allowPublicKeyRetrieval", "true");
        return properties;
    }

    private String inWords(SQLException e) {
        String hint =
                switch (e.getErrorCode()) {
                    case ACCESS_DENIED -> "refuses the login, check user and password";
                    case DATABASE_DENIED -> "denies the database to this user, grant it";
                    case NO_SUCH_DATABASE -> "has no such database, create it";
                    case TABLE_DENIED ->
                            "denies this user CREATE, SELECT, INSERT, UPDATE or DELETE, grant it";
                    default ->
                            String.valueOf(e.getSQLState()).startsWith("08")
                                    ? "cannot be reached, check that it runs"
                                    : "failed";
                };
        return this + " " + hint + " (" + e.getMessage() + ")";
    }

    /** Rolls back, as the server does when a connection goes. */
    private void discard() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("A connection to {} that's given up can't be closed", this, e);
            }
            connection = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        discard();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}

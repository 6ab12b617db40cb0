// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections that keep sending bytes of a request that never ends. An idle timeout doesn't
 * see them, as every byte starts it again.
 */
final class DribbleGuard implements Connection.Listener {

    /** Intervals in a row in which bytes, but no whole request, came. */
    private static final int PATIENCE = 3;

    private final Scheduler scheduler;
    private final Duration interval;

    /** Cuts a connection off after three to four intervals. */
    DribbleGuard(Scheduler scheduler, Duration interval) {
        this.scheduler = scheduler;
        this.interval = interval;
    }

    @Override
    public void onOpened(Connection connection) {
        // with TLS there are two, and only the inner one counts requests
        if (!(connection instanceof SslConnection)) {
            later(connection, 0, 0, 0);
        }
    }

    private void later(Connection connection, long requests, long bytes, int dribbles) {
        scheduler.schedule(
                () -> check(connection, requests, bytes, dribbles),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void check(Connection connection, long requests, long bytes, int dribbles) {
        if (!connection.getEndPoint().isOpen()) {
            return;
        }
        long requestsNow = connection.getMessagesIn();
        long bytesNow = bytes(connection);
        int now = requestsNow == requests && bytesNow != bytes ? dribbles + 1 : 0;
        if (now >= PATIENCE) {
            connection.getEndPoint().close();
        } else {
            later(connection, requestsNow, bytesNow, now);
        }
    }

    /** What came over the network, a TLS handshake included. */
    private static long bytes(Connection connection) {
        return connection.getEndPoint() instanceof SslConnection.SslEndPoint tls
                ? tls.getSslConnection().getBytesIn()
                : connection.getBytesIn();
    }
}

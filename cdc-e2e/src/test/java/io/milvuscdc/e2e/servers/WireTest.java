// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WireTest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int IMPATIENCE_MILLIS = 300;

    private ServerSocket server;
    private Wire wire;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        port = new FreePorts().next();
        wire = Wire.open(port, server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        server.close();
    }

    @Test
    void handsOnBothWays() throws IOException {
        try (Socket client = connect();
                Socket accepted = accept()) {
            client.getOutputStream().write(7);
            assertThat(accepted.getInputStream().read()).isEqualTo(7);
            accepted.getOutputStream().write(8);
            assertThat(client.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void cutEndsConnectionsAndTheNewOnesUntilItIsHealed() throws IOException {
        try (Socket client = connect();
                Socket accepted = accept()) {
            wire.cut();
            assertEnded(client);
            assertEnded(accepted);
        }
        try (Socket refused = connect()) {
            assertEnded(refused);
        }
        wire.heal();
        handsOnBothWays();
    }

    @Test
    void stallHoldsBytesBackAndLosesNone() throws IOException {
        try (Socket client = connect();
                Socket accepted = accept()) {
            wire.stall();
            client.getOutputStream().write(7);
            accepted.setSoTimeout(IMPATIENCE_MILLIS);
            assertThatThrownBy(() -> accepted.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            wire.heal();
            accepted.setSoTimeout(PATIENCE_MILLIS);
            assertThat(accepted.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void slowArrivesAllTheSame() throws IOException {
        wire.slowDown(Duration.ofMillis(20));
        handsOnBothWays();
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private Socket accept() throws IOException {
        Socket accepted = server.accept();
        accepted.setSoTimeout(PATIENCE_MILLIS);
        return accepted;
    }

    /** By an end of the stream, or by a reset. */
    private static void assertEnded(Socket socket) {
        int read;
        try {
            read = socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException e) {
            read = -1;
        }
        assertThat(read).isEqualTo(-1);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP connection that can be made bad: a port on loopback that hands every byte on to another
 * port, until it's told to cut, to stall or to slow down what goes through it. Thread-safe.
 */
public final class Wire implements AutoCloseable {

    private static final int BUFFER = 64 << 10;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private State state = State.OPEN;
    private Duration delay = Duration.ZERO;

    private enum State {
        OPEN,
        CUT,
        STALLED
    }

    private Wire(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Listens on one port and hands on to the other, both on loopback. */
    public static Wire open(int port, int target) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Wire wire = new Wire(listener, target);
            wire.thread("accept", wire::accept);
            return wire;
        } catch (IOException e) {
            throw new ServerException("cannot listen on port " + port, e);
        }
    }

    /** {@code host:port} to connect to. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Ends all connections, and each new one as soon as it's made. */
    public void cut() {
        set(State.CUT, Duration.ZERO);
        sockets.forEach(Wire::closeQuietly);
    }

    /** Lets no byte through, as a network that loses every packet; connections stay. */
    public void stall() {
        set(State.STALLED, Duration.ZERO);
    }

    /** Hands on what arrives later, up to 64 KiB at a time. */
    public void slowDown(Duration by) {
        set(State.OPEN, by);
    }

    /** All well again. What was cut stays cut: it's for the clients to connect again. */
    public void heal() {
        set(State.OPEN, Duration.ZERO);
    }

    private synchronized void set(State next, Duration late) {
        state = next;
        delay = late;
        notifyAll();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            sockets.add(client);
            if (isCut()) {
                closeQuietly(client);
                sockets.remove(client);
            } else {
                thread("connect", () -> connect(client));
            }
        }
    }

    private void connect(Socket client) throws IOException, InterruptedException {
        pass();
        Socket server = new Socket();
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        } catch (IOException e) {
            end(client, server);
            throw e;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        thread("there", () -> copy(client, server));
        thread("back", () -> copy(server, client));
    }

    private void copy(Socket from, Socket to) throws IOException, InterruptedException {
        byte[] bytes = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                pass();
                out.write(bytes, 0, read);
            }
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private synchronized boolean isCut() {
        return state == State.CUT;
    }

    /** Returns when bytes may go on. */
    private void pass() throws InterruptedException {
        Duration late;
        synchronized (this) {
            while (state == State.STALLED) {
                wait();
            }
            late = delay;
        }
        if (!late.isZero()) {
            Thread.sleep(late.toMillis());
        }
    }

    /** A body that ends with its connection, or with this. */
    private interface Body {
        void run() throws IOException, InterruptedException;
    }

    private void thread(String what, Body body) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                body.run();
                            } catch (IOException e) {
                                // either end closed it, or cut() did: that's what a wire is for
                                return;
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "wire " + listener.getLocalPort() + "-" + target + " " + what);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new ServerException("a socket that can't be closed", e);
        }
    }

    @Override
    public void close() {
        heal();
        closeQuietly(listener);
        sockets.forEach(Wire::closeQuietly);
    }
}

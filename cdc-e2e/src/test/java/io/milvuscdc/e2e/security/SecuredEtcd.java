// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.auth.Permission;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.EtcdServer;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ServerCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * An etcd that wants a client certificate of the authority and a login. Who gives no login is the
 * user that its certificate names.
 */
record SecuredEtcd(EtcdServer server, Authority authority, Issued admin, String adminPassword)
        implements AutoCloseable {

    private static final Duration BOUND = Await.PATIENCE;

    /**
     * Starts one and turns its logins on.
     *
     * @param adminPassword of the user {@code root}
     * @param tokenSeconds how long a login is good for
     */
    static SecuredEtcd start(
            ServerCache cache,
            FreePorts ports,
            Path directory,
            Authority authority,
            String adminPassword,
            int tokenSeconds)
            throws Exception {
        Issued own = authority.issue("etcd");
        EtcdServer server =
                EtcdServer.start(
                        cache,
                        ports,
                        directory,
                        "https",
                        List.of(
                                "--cert-file=" + own.certificate(),
                                "--key-file=" + own.key(),
                                "--trusted-ca-file=" + authority.certificate(),
                                "--client-cert-auth",
                                "--auth-token=simple",
                                "--auth-token-ttl=" + tokenSeconds));
        SecuredEtcd etcd =
                new SecuredEtcd(server, authority, authority.issue("etcd-admin"), adminPassword);
        try (Client first = etcd.builder().build()) {
            Auth auth = first.getAuthClient();
            get(auth.userAdd(bytes("root"), bytes(adminPassword)));
            get(auth.roleAdd(bytes("root")));
            get(auth.userGrantRole(bytes("root"), bytes("root")));
            get(auth.authEnable());
        }
        return etcd;
    }

    /** {@code https://host:port}. */
    String url() {
        return "https://" + server.endpoint();
    }

    /** Makes a user with a role of its own, who may read, or read and write, what begins so. */
    void addUser(String user, String password, Permission.Type type, String... prefixes)
            throws Exception {
        try (Client client = adminClient()) {
            Auth auth = client.getAuthClient();
            get(auth.userAdd(bytes(user), bytes(password)));
            get(auth.roleAdd(bytes(user)));
            for (String prefix : prefixes) {
                get(
                        auth.roleGrantPermission(
                                bytes(user), bytes(prefix), bytes(prefix + "\u007f"), type));
            }
            get(auth.userGrantRole(bytes(user), bytes(user)));
        }
    }

    /** Does something with its users, again until it's done: etcd may be on its way back. */
    void change(Function<Auth, CompletableFuture<?>> change) {
        Await.until(
                "etcd to change its users",
                BOUND,
                () -> {
                    try (Client client = adminClient()) {
                        return get(change.apply(client.getAuthClient())) != null;
                    }
                });
    }

    /** Logged in as root; the caller closes it. */
    Client adminClient() throws Exception {
        return builder().user(bytes("root")).password(bytes(adminPassword)).build();
    }

    private ClientBuilder builder() throws Exception {
        TlsConfig tls = authority.clients(admin, "");
        return Client.builder()
                .endpoints(url())
                .sslContext(
                        context -> {
                            try {
                                context.trustManager(tls.trustManagers())
                                        .keyManager(tls.keyManagers());
                            } catch (TlsException e) {
                                throw new AssertionError(e);
                            }
                        });
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private static <T> T get(CompletableFuture<T> call) throws Exception {
        return call.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.LivePchannels;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.feeding.Feeder;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A real etcd that wants a client certificate and a login. Its tokens are short-lived, so that they
 * expire while a test reads and watches.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EtcdSecurityITCase {

    private static final String ROOT = "by-dev/meta";
    private static final String PASSWORD = "etcd-s3cret";
    private static final int TOKEN_SECONDS = 2;
    private static final Duration BOUND = Await.PATIENCE;

    private Authority trusted;
    private Issued client;
    private SecuredEtcd etcd;
    private Client admin;
    private long lastDatabase = 1;

    @BeforeAll
    void startServer() throws Exception {
        Path directory = ServerDirectory.of("etcd-security");
        trusted = Authority.create(directory.resolve("certificates"), "trusted");
        client = trusted.issue("client");
        etcd =
                SecuredEtcd.start(
                        ServerCache.fetch(),
                        new FreePorts(),
                        directory.resolve("etcd"),
                        trusted,
                        PASSWORD,
                        TOKEN_SECONDS);
        etcd.addUser("reader", PASSWORD, Permission.Type.READ, "by-dev/");
        etcd.addUser("outsider", PASSWORD, Permission.Type.READ, "elsewhere/");
        admin = etcd.adminClient();
        putDatabase("default");
    }

    @AfterAll
    void stopServer() {
        if (admin != null) {
            admin.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    @Test
    void readsAndWatchesWithCertificateAndLoginLongerThanATokenLives() throws Exception {
        EtcdConfig config = config("reader", PASSWORD, trusted.clients(client, ""));
        try (SourceCatalogue catalogue = SourceCatalogue.open(config);
                LivePchannels pchannels = new LivePchannels(config)) {
            long until = System.nanoTime() + Duration.ofSeconds(4L * TOKEN_SECONDS).toNanos();
            while (System.nanoTime() < until) {
                String name = putDatabase("later");
                Await.until(
                        name + " to be seen",
                        BOUND,
                        () ->
                                catalogue.databases().stream()
                                        .anyMatch(database -> database.name().equals(name)));
                pchannels.refresh();
                Await.pause(Duration.ofMillis(1000L * TOKEN_SECONDS + 300));
            }
        }
    }

    @Test
    void aUserWhoMayWriteNotesRefusesASecondJobAndOneWhoMayNotGoesOnWithout() throws Exception {
        etcd.addUser("feeder", PASSWORD, Permission.Type.READWRITE, "milvus-cdc/feeding/");
        try (FeedLease first = feeding("feeder", "job-1");
                FeedLease second = feeding("feeder", "job-2");
                FeedLease unable = feeding("reader", "job-3")) {
            first.await(BOUND);
            unable.await(BOUND);
            assertThat(second.isHeld()).isFalse();
            assertThatThrownBy(() -> second.await(BOUND))
                    .isInstanceOf(FeedingRefusedException.class)
                    .hasMessageContaining("task t by flink run (Flink job job-1, writer-0)");
            // by now several tokens have lapsed, and a lease that isn't renewed
            assertThat(first.isHeld()).isTrue();
        }
    }

    private FeedLease feeding(String user, String job) throws TlsException {
        return FeedLease.in(
                config(user, PASSWORD, trusted.clients(client, "")),
                "http://milvus:19530",
                new Feeder("t", "", job, "writer-0"));
    }

    @Test
    void anEtcdThatComesBackIsFollowedAgain() throws Exception {
        EtcdConfig config = config("reader", PASSWORD, trusted.clients(client, "localhost"));
        try (SourceCatalogue catalogue = SourceCatalogue.open(config)) {
            etcd.server().restart();
            String name = putDatabase("after");
            Await.until(
                    name + " to be seen",
                    BOUND,
                    () ->
                            catalogue.databases().stream()
                                    .anyMatch(database -> database.name().equals(name)));
        }
    }

    @Test
    void whoReadsIsRefusedOnceThePasswordIsChangedButNotWhileEtcdIsAway() throws Exception {
        etcd.addUser("changing", PASSWORD, Permission.Type.READ, "by-dev/");
        EtcdConfig config = config("changing", PASSWORD, trusted.clients(client, ""));
        try (LivePchannels pchannels = new LivePchannels(config)) {
            pchannels.refresh();
            etcd.server().process().kill9();
            assertThatThrownBy(pchannels::refresh)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SourceRefusedException.class);
            etcd.server().restart();
            awaitRefreshed(pchannels);

            changePassword("an-other-s3cret");
            awaitRefused(pchannels, "refuses the login");
            changePassword(PASSWORD);
            awaitRefreshed(pchannels);

            etcd.change(auth -> auth.userRevokeRole(bytes("changing"), bytes("changing")));
            awaitRefused(pchannels, "denies reading");
            etcd.change(auth -> auth.userDelete(bytes("changing")));
            awaitRefused(pchannels, "refuses the login");
        }
    }

    private void changePassword(String password) {
        etcd.change(auth -> auth.userChangePassword(bytes("changing"), bytes(password)));
    }

    /** A lost connection may come first, but nothing else is ever taken for a refusal. */
    private static void awaitRefreshed(LivePchannels pchannels) {
        Await.until(
                "etcd to be read",
                BOUND,
                () -> {
                    try {
                        pchannels.refresh();
                        return true;
                    } catch (SourceRefusedException e) {
                        throw new AssertionError(e);
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private static void awaitRefused(LivePchannels pchannels, String words) {
        Await.until(
                "etcd to say that it " + words,
                BOUND,
                () -> {
                    try {
                        pchannels.refresh();
                        return false;
                    } catch (SourceRefusedException e) {
                        return e.getMessage().contains(words);
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    @Test
    void whatIsWrongIsToldInWords() throws Exception {
        TlsConfig good = trusted.clients(client, "");
        Authority stranger =
                Authority.create(trusted.certificate().resolveSibling("other"), "stranger");
        assertRefused(config("reader", "wrong-s3cret", good), "refuses the login");
        // without a login etcd takes the name in the client's certificate, who may read nothing
        assertRefused(config("", "", good), "denies reading");
        assertRefused(config("outsider", PASSWORD, good), "denies reading");
        assertRefused(
                config("reader", PASSWORD, stranger.clients(client, "")),
                "its certificate isn't one that's trusted here");
        assertRefused(
                config("reader", PASSWORD, trusted.clients(client, "etcd.example")),
                "its certificate is for another host");
        assertRefused(
                config("reader", PASSWORD, trusted.clients(stranger.issue("c"), "")),
                "it refuses the certificate shown to it");
        assertFails(
                new EtcdConfig(
                        List.of(etcd.url().replace("https", "http")), ROOT, "reader", PASSWORD),
                "cannot be reached",
                false);
    }

    private static void assertRefused(EtcdConfig config, String words) {
        assertFails(config, words, true);
    }

    private static void assertFails(EtcdConfig config, String words, boolean refused) {
        assertThatThrownBy(() -> SourceCatalogue.open(config))
                .isInstanceOf(refused ? SourceRefusedException.class : IOException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("s3cret");
    }

    private EtcdConfig config(String user, String password, TlsConfig tls) {
        return new EtcdConfig(List.of(etcd.url()), ROOT, user, password, tls);
    }

    /** Gives the name that it was made unique by. */
    private String putDatabase(String name) throws Exception {
        long id = lastDatabase++;
        String unique = id == 1 ? name : name + id;
        ByteString value =
                UnknownFieldSet.newBuilder()
                        .addField(2, bytesField(unique))
                        .addField(3, number(id))
                        .addField(4, number(1))
                        .build()
                        .toByteString();
        String key = ROOT + "/root-coord/database/db-info/" + id;
        Await.until(
                "etcd to take " + key,
                BOUND,
                () ->
                        admin.getKVClient()
                                        .put(bytes(key), ByteSequence.from(value))
                                        .get(5, TimeUnit.SECONDS)
                                != null);
        return unique;
    }

    private static UnknownFieldSet.Field bytesField(String text) {
        return UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(text))
                .build();
    }

    private static UnknownFieldSet.Field number(long value) {
        return UnknownFieldSet.Field.newBuilder().addVarint(value).build();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Test
    void certificateAndKeyThatDontBelongTogetherAreTold() throws Exception {
        Issued other = trusted.issueWithOldKey("other");
        TlsConfig mixed = trusted.clients(new Issued(client.certificate(), other.key()), "");
        assertThatThrownBy(() -> SourceCatalogue.open(config("reader", PASSWORD, mixed)))
                .hasMessageContaining("the key isn't that of the certificate");
        assertThat(trusted.clients(other, "").keyManagers()).isNotNull();
    }
}

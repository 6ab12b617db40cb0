// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.control.testutils.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over TLS, as a Flink with {@code security.ssl.rest} wants it. */
final class FlinkRestTest {

    @TempDir private Path directory;
    private HttpsServer server;
    private TlsConfig own;
    private volatile String answer = "{\"taskmanagers\":1}";

    @BeforeEach
    void start() throws Exception {
        own = TestCertificate.create(directory);
        TlsConfig both = trusting(own.certificate(), true);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                both.keyManagers().getKeyManagers(), both.trustManagers().getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = context.getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        server.createContext(
                "/flink/overview",
                exchange -> {
                    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.createContext(
                "/flink/stalls",
                exchange -> {
                    // the connection stays open
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                });
        server.start();
    }

    private TlsConfig trusting(String certificate, boolean showing) {
        return new TlsConfig(
                certificate,
                showing ? own.certificate() : "",
                showing ? own.key() : "",
                "",
                TlsConfig.TLS_1_2);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void trustsAndShowsTheCertificatesThatItIsGiven() throws Exception {
        FlinkRest flink = new FlinkRest(uri("/flink/"), trusting(own.certificate(), true));
        assertThat(flink.get("/overview").path("taskmanagers").asInt()).isEqualTo(1);
        FlinkRest nobody = new FlinkRest(uri("/flink"), trusting(own.certificate(), false));
        assertThatThrownBy(() -> nobody.get("/overview")).isInstanceOf(IOException.class);
        FlinkRest distrustful = new FlinkRest(uri("/flink"), trusting("", true));
        assertThatThrownBy(() -> distrustful.get("/overview")).isInstanceOf(IOException.class);
    }

    @Test
    void aPageThatIsNotFlinksIsNoAnswer() throws Exception {
        FlinkRest flink = new FlinkRest(uri("/flink"), trusting(own.certificate(), true));
        answer = "<html>welcome</html>";
        assertThatThrownBy(() -> flink.get("/overview"))
                .isInstanceOfSatisfying(
                        FlinkAnswerException.class, e -> assertThat(e.isFlinks()).isFalse());
    }

    @Test
    @Timeout(60)
    void anAnswerThatStallsHalfwayIsNoAnswer() throws Exception {
        FlinkRest flink =
                new FlinkRest(
                        uri("/flink"), trusting(own.certificate(), true), Duration.ofSeconds(1));
        assertThatThrownBy(() -> flink.get("/stalls"))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessageContaining("no whole answer within 1 s");
        assertThat(flink.get("/overview").path("taskmanagers").asInt()).isEqualTo(1);
    }

    private URI uri(String path) {
        return URI.create("https://localhost:" + server.getAddress().getPort() + path);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.feeding.LocalHost;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.config.TransportSettings;
import io.milvuscdc.control.testutils.Await;
import io.milvuscdc.control.testutils.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds, token and pages of a listener, over real sockets. */
final class HttpListenerTest {

    private static final int MAX_BODY = 2048;
    private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 0);
    private static final String TOKEN = "a-token-of-the-test";

    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir private Path directory;
    private HttpListener listener;
    private TlsConfig tls = TlsConfig.SYSTEM;

    @AfterEach
    void stops() throws Exception {
        if (listener != null) {
            listener.close();
        }
    }

    @Test
    void pagesGetMethodQueryAndBody() throws Exception {
        start("");
        assertThat(send("/echo?a=b%20c", BodyPublishers.ofString("x"), "").body())
                .isEqualTo("POST a=b%20c x");
    }

    @Test
    void pagesMayComeLater() throws Exception {
        start("");
        assertThat(get("/late", "").statusCode()).isEqualTo(404);
        listener.page("/late", call -> HttpAnswer.text(200, "here"));
        assertThat(get("/late", "").body()).isEqualTo("here");
    }

    @Test
    void aPageThatFailsSaysWhy() throws Exception {
        start("");
        listener.page(
                "/fails",
                call -> {
                    throw new IOException("the store doesn't answer");
                });
        HttpResponse<String> answer = get("/fails", "");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("the store doesn't answer\n");
    }

    @Test
    void aBodyThatIsTooLongIsRefusedWhetherItsLengthIsToldOrNot() throws Exception {
        start("");
        byte[] body = new byte[MAX_BODY + 1];
        HttpResponse<String> told = send("/echo", BodyPublishers.ofByteArray(body), "");
        HttpResponse<String> chunked =
                send("/echo", BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body)), "");
        for (HttpResponse<String> answer : List.of(told, chunked)) {
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("it's longer than 2048 bytes");
        }
        assertThat(send("/echo", BodyPublishers.ofByteArray(new byte[MAX_BODY]), "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void headersThatAreTooLongAreRefused() throws Exception {
        start("");
        assertThat(get("/echo?" + "x".repeat(20_000), "").statusCode()).isBetween(414, 431);
    }

    @Test
    void whoHasNoTokenGetsNothingButOpenPages() throws Exception {
        start(TOKEN);
        listener.openPage("/open", call -> HttpAnswer.text(200, "open"));
        for (String header :
                List.of("", "Bearer ", "Bearer wrong", "Bearer " + TOKEN + "x", "Basic " + TOKEN)) {
            HttpResponse<String> answer = get("/echo", header);
            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
            assertThat(answer.body()).contains("Authorization: Bearer").doesNotContain(TOKEN);
        }
        assertThat(get("/no-such-page", "").statusCode()).isEqualTo(401);
        assertThat(get("/echo", "Bearer " + TOKEN).statusCode()).isEqualTo(200);
        assertThat(get("/echo", "bearer " + TOKEN).statusCode()).isEqualTo(200);
        assertThat(get("/open", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aPageOfAnotherSiteCannotChangeAnythingByABrowser() throws Exception {
        start("");
        for (String site : List.of("cross-site", "same-site")) {
            HttpResponse<String> answer = from(site, "POST");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("a page of another site");
            assertThat(from(site, "GET").statusCode()).as("a link to here").isEqualTo(200);
        }
        assertThat(from("same-origin", "POST").statusCode()).isEqualTo(200);
        assertThat(from("none", "POST").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> from(String site, String method) throws Exception {
        return withHeaders(method, "Sec-Fetch-Site", site);
    }

    @Test
    void onPlainHttpAPageOfAnotherSiteIsKnownByItsOrigin() throws Exception {
        start("");
        String own = "http://127.0.0.1:" + listener.port();
        for (String origin :
                List.of(
                        "http://evil.example",
                        "http://127.0.0.1:1",
                        own + ".evil.example",
                        "null")) {
            HttpResponse<String> answer = withHeaders("POST", "Origin", origin);
            assertThat(answer.statusCode()).as(origin).isEqualTo(403);
            assertThat(answer.body()).contains("a page of another site");
        }
        assertThat(withHeaders("GET", "Origin", "http://evil.example").statusCode()).isEqualTo(200);
        assertThat(withHeaders("POST", "Origin", own).statusCode()).isEqualTo(200);
        assertThat(send("/echo", BodyPublishers.ofString("x"), "").statusCode()).isEqualTo(200);
    }

    @Test
    void behindAProxyOfAnotherNameTheBrowsersOwnWordCounts() throws Exception {
        start("");
        assertThat(
                        withHeaders(
                                        "POST",
                                        "Origin",
                                        "https://proxy.example",
                                        "Sec-Fetch-Site",
                                        "same-origin")
                                .statusCode())
                .isEqualTo(200);
    }

    /** As a page of that name sends it once the name leads here. */
    @Test
    void withoutATokenAPageOfANameThatMayBeAnotherSitesChangesNothing() throws Exception {
        start("");
        for (String host : List.of("evil:8444", "evil.example", "127.0.0.1.evil.example:8444")) {
            String answer = fromPageOf(host, "POST", "");
            assertThat(answer).as(host).startsWith("HTTP/1.1 403");
            assertThat(answer).contains("security.token", "security.hostNames");
            assertThat(fromPageOf(host, "GET", "")).startsWith("HTTP/1.1 200");
        }
        for (String host :
                List.of(
                        "localhost:8444",
                        "127.0.0.1:8444",
                        "[::1]:8444",
                        LocalHost.name(),
                        "cdc.example:8444")) {
            assertThat(fromPageOf(host, "POST", "")).as(host).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoHasTheTokenOrTlsMayUseAnyName() throws Exception {
        start("");
        assertThat(fromPageOf("cdc.any", "POST", "Sec-Fetch-Site: same-origin\r\n"))
                .as("behind a proxy with TLS")
                .startsWith("HTTP/1.1 200");
        listener.close();
        start(TOKEN);
        assertThat(fromPageOf("cdc.any", "POST", "Authorization: Bearer " + TOKEN + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    private String fromPageOf(String host, String method, String header) throws IOException {
        try (Socket socket = connect()) {
            write(
                    socket,
                    method
                            + " /echo HTTP/1.1\r\nHost: "
                            + host
                            + "\r\nOrigin: http://"
                            + host
                            + "\r\n"
                            + header
                            + "Connection: close\r\nContent-Length: 0\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private HttpResponse<String> withHeaders(String method, String... headers) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/echo"))
                        .headers(headers)
                        .method(method, BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        start("", Duration.ofMillis(200), Duration.ofMinutes(1));
        try (Socket socket = connect()) {
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void headersThatDribbleInAreCutOff() throws Exception {
        start("", Duration.ofMinutes(1), Duration.ofMillis(100));
        dribble("GET /echo HTTP/1.1\r\nx: ");
    }

    @Test
    void aBodyThatDribblesInIsCutOff() throws Exception {
        start("", Duration.ofMinutes(1), Duration.ofMillis(100));
        dribble("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n");
    }

    @Test
    void halfRequestsHoldNoThread() throws Exception {
        start("", Duration.ofMinutes(1), Duration.ofMinutes(1));
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = connect();
                half.add(socket);
                write(socket, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\nx");
            }
            assertThat(get("/echo", "").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void aClientThatComesBackInGoodTimeKeepsItsConnection() throws Exception {
        start("", Duration.ofMinutes(1), Duration.ofMillis(20));
        long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
        try (Socket socket = connect()) {
            int answers = 0;
            while (System.nanoTime() < until) {
                write(socket, "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 200");
                answers++;
            }
            assertThat(answers).isPositive();
        }
    }

    @Test
    void speaksTlsWithItsCertificate() throws Exception {
        tls = TestCertificate.create(directory);
        start(TOKEN);
        HttpClient trusting =
                HttpClient.newBuilder().sslContext(TestCertificate.trust(tls)).build();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + listener.port() + "/echo"))
                        .header("Authorization", "Bearer " + TOKEN)
                        .build();
        assertThat(trusting.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> http.send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(SSLHandshakeException.class);
        // the answer to plain HTTP isn't one of HTTP
        assertThatThrownBy(() -> get("/echo", "Bearer " + TOKEN)).isInstanceOf(IOException.class);
    }

    @Test
    void withAnAuthorityToTrustClientsMustShowACertificateOfIt() throws Exception {
        TlsConfig server = TestCertificate.create(Files.createDirectory(directory.resolve("s")));
        TlsConfig known = TestCertificate.create(Files.createDirectory(directory.resolve("k")));
        TlsConfig stranger = TestCertificate.create(Files.createDirectory(directory.resolve("x")));
        tls =
                new TlsConfig(
                        known.certificate(),
                        server.certificate(),
                        server.key(),
                        "",
                        TlsConfig.TLS_1_2);
        start("");
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://localhost:" + listener.port() + "/echo"))
                        .build();

        assertThat(
                        TestCertificate.client(server, known)
                                .send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(200);
        for (TlsConfig refused : List.of(TlsConfig.SYSTEM, stranger)) {
            HttpClient client = TestCertificate.client(server, refused);
            // with TLS 1.3 the refusal comes after the handshake
            assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPortInUseIsToldInWords() throws Exception {
        try (ManagementEndpoint first = management(0);
                ManagementEndpoint second = management(portOf(first))) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the management endpoint can't listen on 127.0.0.1:")
                    .hasMessageContaining("management.address");
        }
    }

    @Test
    void theManagementEndpointServesWhatIsRegistered() throws Exception {
        try (ManagementEndpoint management = management(0)) {
            management.register("/metrics", call -> HttpAnswer.text(200, "up 1\n"));
            management.start();
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:" + management.port() + "/metrics"))
                            .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("up 1\n");
            assertThat(answer.headers().firstValue("content-type"))
                    .contains("text/plain; charset=utf-8");
        }
    }

    private static ManagementEndpoint management(int port) {
        return new ManagementEndpoint(
                new TransportSettings(
                        new ListenAddress("127.0.0.1", port),
                        "",
                        List.of(),
                        MAX_BODY,
                        TlsConfig.SYSTEM));
    }

    private static int portOf(ManagementEndpoint endpoint) throws IOException {
        endpoint.start();
        return endpoint.port();
    }

    private void start(String token) throws IOException {
        start(token, Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    private void start(String token, Duration idle, Duration dribble) throws IOException {
        listener =
                new HttpListener(
                        "the test",
                        "address",
                        LOOPBACK,
                        new TransportSettings(
                                LOOPBACK, token, List.of("Cdc.Example"), MAX_BODY, tls),
                        new HttpListener.Timeouts(idle, dribble));
        listener.page(
                "/echo",
                call ->
                        HttpAnswer.text(
                                200,
                                call.method()
                                        + " "
                                        + call.query()
                                        + " "
                                        + new String(call.body(), StandardCharsets.UTF_8)));
        listener.start();
    }

    /** Sends a byte now and then until the server closes the connection. */
    private void dribble(String beginning) throws Exception {
        try (Socket socket = connect()) {
            write(socket, beginning);
            Await.until(
                    "the connection is closed",
                    () -> {
                        try {
                            write(socket, "x");
                            return false;
                        } catch (SocketException e) {
                            return true;
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String readAnswer(InputStream in) throws IOException {
        byte[] bytes = new byte[4096];
        int length = in.read(bytes);
        return new String(bytes, 0, Math.max(length, 0), StandardCharsets.US_ASCII);
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        return send(path, null, authorization);
    }

    private HttpResponse<String> send(
            String path, HttpRequest.BodyPublisher body, String authorization) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path));
        if (body != null) {
            request.POST(body);
        }
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

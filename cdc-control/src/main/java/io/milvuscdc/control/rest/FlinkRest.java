// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Speaks Flink's documented REST API. Every call blocks for a bounded time and throws an {@link
 * IOException} when there's no answer, {@link FlinkAnswerException} when it's an error. Safe for
 * use by several threads.
 */
public final class FlinkRest {

    private static final Duration BOUND = Duration.ofSeconds(5);

    /** A jar of some dozen MB travels, or a job's main method runs. */
    private static final Duration LONG_BOUND = Duration.ofSeconds(60);

    private static final int OK = 200;
    private static final int REDIRECTIONS = 300;
    private static final String PATCH = "PATCH";

    private final HttpClient http;
    private final Duration bound;
    private final ObjectMapper json = new ObjectMapper();
    private final URI root;
    private final String base;

    /** Speaks to the API below the URI, in plain text, or trusting the JDK's authorities. */
    public FlinkRest(URI root) {
        this(root, HttpClient.newBuilder(), BOUND);
    }

    /**
     * Speaks to the API below the URI.
     *
     * @param tls what is trusted and shown where the URI begins with https
     * @throws TlsException a certificate can't be used
     */
    public FlinkRest(URI root, TlsConfig tls) throws TlsException {
        this(root, tls, BOUND);
    }

    /** The same with a bound of one's own for what Flink answers at once. */
    FlinkRest(URI root, TlsConfig tls, Duration bound) throws TlsException {
        this(root, HttpClient.newBuilder().sslContext(context(tls)), bound);
    }

    private FlinkRest(URI root, HttpClient.Builder http, Duration bound) {
        this.root = root;
        this.bound = bound;
        // it may be behind something that puts a path before Flink's
        this.base = root.toString().replaceFirst("/+$", "");
        // Flink's server knows no other; asked for one, it would have to refuse it first
        this.http = http.version(HttpClient.Version.HTTP_1_1).connectTimeout(BOUND).build();
    }

    private static SSLContext context(TlsConfig tls) throws TlsException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            var keys = tls.keyManagers();
            var trusted = tls.trustManagers();
            context.init(
                    keys == null ? null : keys.getKeyManagers(),
                    trusted == null ? null : trusted.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException("TLS to Flink can't be set up: " + e.getMessage(), e);
        }
    }

    /** Where the API is. */
    public URI root() {
        return root;
    }

    /** An empty object, for the body of a request. */
    public ObjectNode body() {
        return json.createObjectNode();
    }

    /** Asks. */
    public JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), "", bound);
    }

    /** Wants something done; returns when Flink has taken note. */
    public JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        return send("POST", path, text(body), "application/json", bound);
    }

    /** As {@link #post}, of what Flink does before it answers. */
    public JsonNode postAndWait(String path, ObjectNode body)
            throws IOException, InterruptedException {
        return send("POST", path, text(body), "application/json", LONG_BOUND);
    }

    /** Wants something changed, to which there's nothing to say. */
    public void patch(String path) throws IOException, InterruptedException {
        send(PATCH, path, BodyPublishers.noBody(), "", bound);
    }

    /** Sends a jar, under a name of its own. */
    public JsonNode uploadJar(String path, Path jar, String name)
            throws IOException, InterruptedException {
        String boundary = UUID.randomUUID().toString();
        BodyPublisher body =
                BodyPublishers.concat(
                        BodyPublishers.ofString(
                                "--"
                                        + boundary
                                        + "\r\nContent-Disposition: form-data; name=\"jarfile\";"
                                        + " filename=\""
                                        + name
                                        + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n"),
                        BodyPublishers.ofFile(jar),
                        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        return send("POST", path, body, "multipart/form-data; boundary=" + boundary, LONG_BOUND);
    }

    private static BodyPublisher text(ObjectNode body) {
        return BodyPublishers.ofString(body.toString());
    }

    private JsonNode send(
            String method, String path, BodyPublisher body, String contentType, Duration within)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).method(method, body);
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<byte[]> answer = exchange(request.build(), within);
        JsonNode content = content(method, answer.body());
        if (!isSuccess(answer.statusCode()) || content.isMissingNode()) {
            throw FlinkAnswerException.of(
                    method + " " + path,
                    answer.statusCode(),
                    errors(content),
                    content.path("errors").isArray());
        }
        return content;
    }

    /** The bound is of the whole answer: a timeout of the request would end with its headers. */
    private HttpResponse<byte[]> exchange(HttpRequest request, Duration within)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + within.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            // closes the connection when the answer isn't waited for any more
            answer.cancel(true);
        }
    }

    /** Flink redirects nobody: what does is something in front of it, and knows nothing of jobs. */
    private static boolean isSuccess(int status) {
        return status >= OK && status < REDIRECTIONS;
    }

    /** Missing when it isn't JSON, or when there's none although the method asks for some. */
    private JsonNode content(String method, byte[] body) throws IOException {
        try {
            return body.length == 0 && method.equals(PATCH)
                    ? json.createObjectNode()
                    : json.readTree(body);
        } catch (JsonProcessingException e) {
            // somebody else's page; its text is of no use to anyone
            return MissingNode.getInstance();
        }
    }

    private static String errors(JsonNode content) {
        List<String> errors = new ArrayList<>();
        content.path("errors").forEach(error -> errors.add(error.asText()));
        return String.join("\n", errors);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API over a real socket. */
final class HttpEndpointITCase {

    private final HttpClient http = HttpClient.newHttpClient();
    private List<String> faults = List.of();
    private HttpEndpoint endpoint;

    @BeforeEach
    void starts() throws Exception {
        endpoint = endpoint(0);
        endpoint.start();
    }

    @AfterEach
    void stops() throws Exception {
        endpoint.close();
    }

    @Test
    void answersWithStatus200AndJson() throws Exception {
        HttpResponse<String> answer =
                send(request("/cdc").POST(BodyPublishers.ofString("{\"request_type\":\"list\"}")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"code\":200,\"data\":{\"tasks\":[]}}\n");
    }

    @Test
    void otherMethodsGetTheEnvelopeToo() throws Exception {
        HttpResponse<String> answer = send(request("/cdc").GET());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"code\":405,\"message\":\"only support the POST method\"}\n");
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        HttpResponse<String> answer =
                send(request("/cdc").POST(BodyPublishers.ofByteArray(new byte[(4 << 20) + 1])));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"code\":400,\"message\":\"fail to read the request body, error: it's"
                                + " longer than 4194304 bytes\"}\n");
        HttpResponse<String> longest =
                send(request("/cdc").POST(BodyPublishers.ofByteArray(new byte[4 << 20])));
        assertThat(longest.body()).contains("fail to unmarshal the request");
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        assertThat(send(request("/").GET()).statusCode()).isEqualTo(404);
        assertThat(send(request("/cdc/").GET()).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsItsHealth() throws Exception {
        assertThat(send(request("/healthz").GET()).statusCode()).isEqualTo(200);
        assertThat(send(request("/healthz").GET()).body()).isEqualTo("{\"status\":\"ok\"}\n");
        faults = List.of("Flink has stopped");
        HttpResponse<String> failed = send(request("/healthz").GET());
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body())
                .isEqualTo("{\"status\":\"failed\",\"reasons\":[\"Flink has stopped\"]}\n");
    }

    @Test
    void describesItself() throws Exception {
        assertThat(send(request("/openapi.yaml").GET()).body()).contains("openapi: 3.1.0");
    }

    @Test
    void aPortInUseIsToldInWords() throws Exception {
        try (HttpEndpoint second = endpoint(endpoint.port())) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the API can't listen on 127.0.0.1:" + endpoint.port())
                    .hasMessageContaining("in use");
        }
    }

    private HttpEndpoint endpoint(int port) {
        ControlConfig config = ApiFixture.config(10);
        CdcApi api = ApiFixture.api(new InMemoryTaskStore(), config, ApiFixture.IDLE);
        return new HttpEndpoint(
                new ListenAddress("127.0.0.1", port),
                config.transport(),
                api,
                () -> faults,
                listener -> {});
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

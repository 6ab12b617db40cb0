// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.config.TransportSettings;
import io.milvuscdc.control.http.HttpListener;
import io.milvuscdc.control.metrics.CollectionNumbers;
import io.milvuscdc.control.metrics.JobNumbers;
import io.milvuscdc.control.metrics.LagOrigin;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and what it shows, over a real socket. */
final class StatusPagesTest {

    private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 0);
    private static final String SECRET = "hidden-1";
    private static final JobRun RUN = JobRun.starting("0123456789abcdef0123456789abcdef", "");

    /** 10 s after what the stored state of the coordinator says everything is visible up to. */
    private static final long NOW = 1_700_000_010_000L;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Map<String, JobNumbers> jobs = new HashMap<>();
    @TempDir private Path data;
    private TaskWatch watch;
    private HttpListener listener;

    @AfterEach
    void stops() throws Exception {
        if (listener != null) {
            listener.close();
            watch.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/status.js", "/status.css"})
    void thePageNeedsNoTokenAndLoadsNothingFromElsewhere(String path) throws Exception {
        start("a-token");
        HttpResponse<String> answer = get(path, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*", "http", "data:");
        assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(answer.headers().firstValue("referrer-policy")).contains("no-referrer");
        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .matches("text/(html|javascript|css); charset=utf-8");
        assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "@import", "url(");
    }

    @Test
    void thePageIsOneFileOfEachKind() throws Exception {
        start("");
        String html = get("/", "").body();
        assertThat(html)
                .contains("<script src=\"status.js\" defer></script>")
                .contains("href=\"status.css\"")
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:");
        assertThat(html.split("<script", -1)).hasSize(2);
        assertThat(html.split("src=", -1)).hasSize(2);
    }

    @Test
    void theScriptPutsWhatItIsToldIntoThePageAsTextOnly() throws Exception {
        start("");
        assertThat(get("/status.js", "").body())
                .contains("textContent")
                .doesNotContainPattern(
                        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|srcdoc|\\beval\\b"
                                + "|Function\\(|createContextualFragment|DOMParser|setHTML|localStorage");
    }

    @Test
    void whatThePageShowsNeedsTheToken() throws Exception {
        start("a-token");
        assertThat(get("/status", "").statusCode()).isEqualTo(401);
        assertThat(get("/status", "Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(get("/status?token=a-token", "").statusCode()).isEqualTo(401);
        HttpResponse<String> answer = get("/status", "Bearer a-token");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void nothingIsChangedByIt() throws Exception {
        start("");
        for (String path : List.of("/", "/status", "/status.js")) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(uri(path))
                                    .POST(BodyPublishers.ofString("{}"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
        }
    }

    @Test
    void tellsHowTasksAreDoing() throws Exception {
        store.create(withLogin("running").with(RUN));
        store.create(Tasks.running("waiting"));
        store.create(Tasks.running("stopped").wanted(DesiredState.PAUSED, "<b>manually</b>"));
        store.create(Tasks.running("gone").wanted(DesiredState.DELETED, ""));
        WrittenCheckpoint.write(data, "running", RUN, WrittenCheckpoint.coordinator(4));
        start("");
        jobs.put("running", numbers(NOW - 20_000, 1_000));
        watch.look();
        jobs.put("running", numbers(NOW - 10_000, 3_500));
        watch.look();

        HttpResponse<String> answer = get("/status", "");
        assertThat(answer.body()).doesNotContain(SECRET, "root");
        JsonNode status = json.readTree(answer.body());
        assertThat(status.path("time").asLong()).isEqualTo(NOW);
        assertThat(status.path("flink_ui").asText()).isEqualTo("http://flink.example:8081/proxy");
        assertThat(status.path("tasks").findValuesAsText("task_id"))
                .containsExactly("running", "stopped", "waiting");
        assertThat(problems(status)).isEmpty();

        JsonNode running = status.path("tasks").get(0);
        assertThat(running.path("state").asText()).isEqualTo("Running");
        assertThat(running.path("target").asText()).isEqualTo("http://target.example:19530");
        assertThat(running.path("lag_seconds").asDouble()).isEqualTo(10);
        assertThat(running.path("committed_time").asLong()).isEqualTo(NOW - 10_000);
        assertThat(running.path("rows_per_second").asDouble()).isEqualTo(250);
        assertThat(running.path("job_ui").asText())
                .isEqualTo(
                        "http://flink.example:8081/proxy/#/job/running/"
                                + RUN.jobId()
                                + "/overview");
        assertThat(running.path("job").path("rows_sent").asLong()).isEqualTo(3_500);
        assertThat(running.path("job").path("restarts").asLong()).isEqualTo(2);
        assertThat(running.path("channels").get(0).path("channel_name").asText()).isEqualTo("p0");
        assertThat(running.path("collections").toString())
                .isEqualTo(
                        "[{\"collection_id\":8,\"database\":\"\",\"name\":\"\",\"inserted_read\":0,"
                                + "\"inserted_sent\":0,\"deleted_read\":0,\"deleted_sent\":0,\"bytes_sent\":0,"
                                + "\"rows_per_second\":0.0,\"last_row_time\":null,\"lag_seconds\":12.0,"
                                + "\"waiting_since\":1699999998000,\"waiting_reason\":\"no answer\"},"
                                + "{\"collection_id\":7,\"database\":\"shop\",\"name\":\"<script>\",\"inserted_read\":4,"
                                + "\"inserted_sent\":3500,\"deleted_read\":2,\"deleted_sent\":1,\"bytes_sent\":99,"
                                + "\"rows_per_second\":250.0,\"last_row_time\":1699999999999,\"lag_seconds\":0.0,"
                                + "\"waiting_since\":null}]");
        assertThat(running.path("collections_total").asInt()).isEqualTo(2);
        assertThat(running.path("channels").get(0).path("lag_seconds").isNumber()).isTrue();
        assertThat(running.path("history").path("rows_per_second").toString())
                .isEqualTo("[null,250.0]");
        assertThat(running.path("history").path("lag_seconds").toString()).isEqualTo("[10.0,10.0]");

        JsonNode stopped = status.path("tasks").get(1);
        assertThat(stopped.path("reason").asText()).isEqualTo("<b>manually</b>");
        assertThat(stopped.path("lag_seconds").isNull()).isTrue();
        assertThat(stopped.has("job")).isFalse();
        assertThat(status.path("tasks").get(2).path("lag_seconds").asDouble()).isZero();
    }

    @Test
    void ofVeryManyCollectionsThoseWithTheNewestRowsAreShownInTheOrderOfTheirNames()
            throws Exception {
        store.create(Tasks.running("t1").with(RUN));
        Map<Long, CollectionNumbers> many = new HashMap<>();
        for (long id = 1; id <= 500; id++) {
            many.put(
                    id,
                    new CollectionNumbers(id, "default", "c" + id, 1, 1, 0, 0, 1, NOW - id, 0, ""));
        }
        many.put(
                900L,
                new CollectionNumbers(900, "default", "z", 1, 1, 0, 0, 1, 5, NOW, "a reason"));
        start("");
        jobs.put(
                "t1",
                new JobNumbers(
                        NOW,
                        0,
                        new JobNumbers.Checkpoints(0, 0, 0, 0),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        many,
                        Map.of()));
        JsonNode task = json.readTree(get("/status", "").body()).path("tasks").get(0);
        assertThat(task.path("collections_total").asInt()).isEqualTo(501);
        List<String> names = task.path("collections").findValuesAsText("name");
        assertThat(names).hasSize(200).startsWith("z", "c1", "c10").contains("c199");
        assertThat(names).doesNotContain("c200", "c500");
    }

    @Test
    void aCheckpointThatCannotBeReadIsTold() throws Exception {
        store.create(Tasks.running("t1").with(RUN));
        WrittenCheckpoint.write(data, "t1", RUN, new byte[] {1, 2, 3});
        start("");
        watch.look();
        JsonNode task = json.readTree(get("/status", "").body()).path("tasks").get(0);
        assertThat(task.path("problem").asText()).contains("chk-1");
        assertThat(task.path("lag_seconds").isNull()).isFalse();
    }

    @Test
    void theHistoryOfATaskThatIsGoneIsForgotten() throws Exception {
        store.create(Tasks.running("t1"));
        start("");
        watch.look();
        assertThat(watch.of("t1").points()).hasSize(1);
        store.delete("t1");
        watch.look();
        assertThat(watch.of("t1").points()).isEmpty();
    }

    private void start(String token) throws IOException {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
        watch =
                new TaskWatch(
                        store,
                        new CommittedProgress(new RestorePoints(data)),
                        new LagOrigin(clock),
                        id -> Optional.ofNullable(jobs.get(id)),
                        clock);
        listener =
                new HttpListener(
                        "the test",
                        "address",
                        LOOPBACK,
                        new TransportSettings(
                                LOOPBACK,
                                token,
                                List.of(),
                                TransportSettings.DEFAULT_MAX_BODY,
                                TlsConfig.SYSTEM));
        URI flink = URI.create("http://root:" + SECRET + "@flink.example:8081/proxy/");
        new StatusPages(store, watch, flink).register(listener);
        listener.start();
    }

    private static JobNumbers numbers(long atMillis, double sent) {
        return new JobNumbers(
                atMillis,
                2,
                new JobNumbers.Checkpoints(5, 1, NOW - 500, 40),
                Map.of("numRecordsSend", sent),
                Map.of(),
                Map.of(),
                Map.of(
                        7L,
                        new CollectionNumbers(
                                7,
                                "shop",
                                "<script>",
                                4,
                                (long) sent,
                                2,
                                1,
                                99,
                                NOW - 10_001,
                                0,
                                ""),
                        8L,
                        new CollectionNumbers(
                                8, "", "", 0, 0, 0, 0, 0, 0, NOW - 12_000, "no answer")),
                Map.of());
    }

    private static Task withLogin(String id) {
        return Task.created(
                id,
                TaskDefinition.of(
                        new MilvusConnectParam(
                                "",
                                0,
                                false,
                                "root",
                                SECRET,
                                "http://target.example:19530",
                                "root:" + SECRET,
                                Map.of(),
                                0,
                                false,
                                0),
                        List.of(new CollectionInfo(CollectionInfo.ALL, null, false))),
                StartPoint.BEGINNING);
    }

    private static List<String> problems(JsonNode status) throws IOException {
        try (InputStream in = StatusPagesTest.class.getResourceAsStream("/openapi.yaml")) {
            ObjectNode description = (ObjectNode) new YAMLMapper().readTree(in);
            description.put("$ref", "#/components/schemas/Status");
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(description)
                    .validate(status)
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listener.port() + path);
    }
}

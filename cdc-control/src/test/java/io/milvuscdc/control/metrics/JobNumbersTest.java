// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.milvuscdc.control.rest.FlinkRest;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flink's REST API as it answers for one job of two operators. */
final class JobNumbersTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final String WRITER = "0.Replicate_to_target__Writer.";
    private static final String COMMITTER = "0.Replicate_to_target__Committer.";

    private final Map<String, String> answers = new TreeMap<>();
    private final Map<String, List<String>> registered = new TreeMap<>();
    private final Map<String, String> values = new TreeMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer flink;

    @BeforeEach
    void start() throws Exception {
        flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        flink.createContext(
                "/",
                exchange -> {
                    String uri = exchange.getRequestURI().toString();
                    asked.add(uri);
                    String text = answers.get(uri);
                    byte[] body = (text == null ? "[]" : text).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        flink.start();
    }

    @AfterEach
    void stop() {
        flink.stop(0);
    }

    @Test
    void callsOfTheTargetAreSummedUpOverOperatorsUnderTheOldName() throws Exception {
        job(1, "w", "c");
        metric("w", WRITER + "api.ReplicateMessage.executed", 7, 7);
        metric("c", COMMITTER + "api.ReplicateMessage.executed", 3, 3);

        JobNumbers numbers = read();
        assertThat(numbers.apiCalls()).isEqualTo(Map.of("ReplicateMessage", 10.0));
        assertThat(page(numbers))
                .contains(
                        "milvus_cdc_api_execute_total{api_type=\"ReplicateMessage\",task_id=\"t1\"} 10.0");
    }

    @Test
    void requestsSentAgainAreCountedOnceForTheTaskAndByTargetChannel() throws Exception {
        job(1, "w");
        metric("w", WRITER + "requestsSentAgain", 5, 5);
        metric("w", WRITER + "targetChannel.t-dml_3.sentAgain", 4, 4);

        JobNumbers numbers = read();
        assertThat(numbers.totals()).isEqualTo(Map.of("requestsSentAgain", 5.0));
        assertThat(page(numbers))
                .contains(
                        "milvus_cdc_channel_requests_sent_again_total{channel_name=\"t-dml_3\",task_id=\"t1\"} 4.0");
    }

    @Test
    void rowsOfACollectionAreSummedUpAndItsLastRowIsTheNewestOfAllWriters() throws Exception {
        job(2, "w");
        String rows = WRITER + "collection.444.database.shop.name.orders.";
        metric("w", rows + "insertRowsRead", 30, 20);
        metric("w", rows + "insertRowsSent", 25, 20);
        metric("w", rows + "deleteRowsSent", 5, 5);
        metric("w", rows + "bytesSent", 999, 900);
        metric("w", rows + "lastRowMillis", 2.0 * NOW - 70_000, NOW - 10_000);
        metric("w", WRITER + "collection.444.waitingFromMillis", 0, 0);

        JobNumbers numbers = read();
        assertThat(numbers.collections())
                .isEqualTo(
                        Map.of(
                                444L,
                                new CollectionNumbers(
                                        444,
                                        "shop",
                                        "orders",
                                        30,
                                        25,
                                        0,
                                        5,
                                        999,
                                        NOW - 10_000,
                                        0,
                                        "")));
        String labels =
                "{collection_id=\"444\",collection_name=\"orders\",database=\"shop\",task_id=\"t1\"} ";
        assertThat(page(numbers))
                .contains("milvus_cdc_collection_bytes_sent_total" + labels + "999.0")
                .contains("milvus_cdc_collection_lag_seconds" + labels + "0.0")
                .contains("milvus_cdc_collection_waiting_seconds" + labels + "0.0")
                .contains("milvus_cdc_collection_last_row_seconds" + labels)
                .contains(
                        "milvus_cdc_replicate_data_cnt{api_type=\"insert\",collection_id=\"444\",collection_name=\"orders\",op_type=\"write\",task_id=\"t1\"} 25.0");
    }

    @Test
    void whatADroppedCollectionLeavesInFlinkIsNotShownNorAskedFor() throws Exception {
        job(1, "w");
        String rows = WRITER + "collection.444.database.shop.name.orders.";
        metric("w", rows + "insertRowsRead", 30, 30);
        metric("w", WRITER + "collection.444.waitingFromMillis", 0, 0);
        metric("w", WRITER + "collection.444.dropped", 1, 1);
        assertThat(read().collections()).isEmpty();
        assertThat(asked).noneMatch(uri -> uri.contains("get=" + WRITER));
    }

    @Test
    void ofWhatWaitsTheFirstRowOfAllWritersCountsAndItIsToldWhatItWaitsFor() throws Exception {
        job(2, "w");
        String own = WRITER + "collection.444.";
        metric("w", own + "waitingFromMillis", 2.0 * NOW - 50_000, NOW - 20_000);
        text("w", 0, own, NOW - 20_000, "the target does not answer");
        text("w", 1, own, NOW - 30_000, "an older collection has its name");

        CollectionNumbers waits = read().collections().get(444L);
        assertThat(waits.waitingFromMillis()).isEqualTo(NOW - 30_000);
        assertThat(waits.waitingReason()).isEqualTo("an older collection has its name");
        assertThat(waits.database()).isEqualTo("shop");
        assertThat(waits.name()).isEqualTo("orders");
        assertThat(page(read()))
                .contains("collection_name=\"orders\",database=\"shop\",task_id=\"t1\"} 30.0");
    }

    @Test
    void asksForAsManyMetricsAtOnceAsAnAddressHolds() throws Exception {
        job(1, "w");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            names.add(WRITER + "api.Call" + i + ".executed");
        }
        answers.put(metrics("w"), ids(names));
        read();
        List<String> requests = asked.stream().filter(uri -> uri.contains("agg=")).toList();
        assertThat(requests).hasSizeBetween(3, 5).allMatch(uri -> uri.length() < 4_000);
        assertThat(String.join(",", requests)).contains(names);
    }

    private void job(int subtasks, String... vertices) {
        List<String> parts = new ArrayList<>();
        for (String vertex : vertices) {
            parts.add("{\"id\":\"" + vertex + "\",\"parallelism\":" + subtasks + "}");
        }
        answers.put("/jobs/j", "{\"vertices\":[" + String.join(",", parts) + "]}");
        answers.put("/jobs/j/checkpoints", "{}");
    }

    private void metric(String vertex, String name, double sum, double max) {
        registered.computeIfAbsent(vertex, v -> new ArrayList<>()).add(name);
        values.put(name, "{\"id\":\"" + name + "\",\"sum\":" + sum + ",\"max\":" + max + "}");
    }

    private void text(String vertex, int subtask, String prefix, long from, String reason) {
        answers.put(
                "/jobs/j/vertices/"
                        + vertex
                        + "/subtasks/"
                        + subtask
                        + "/metrics?get="
                        + prefix
                        + "waitingFromMillis,"
                        + prefix
                        + "waitingName,"
                        + prefix
                        + "waitingReason",
                "[{\"id\":\"%swaitingFromMillis\",\"value\":\"%d\"},{\"id\":\"%swaitingReason\",\"value\":\"%s\"},{\"id\":\"%swaitingName\",\"value\":\"shop.orders\"}]"
                        .formatted(prefix, from, prefix, reason, prefix));
    }

    private JobNumbers read() throws Exception {
        registered.forEach(
                (vertex, names) -> {
                    answers.put(metrics(vertex), ids(names));
                    List<String> wanted = names.stream().filter(values::containsKey).toList();
                    answers.put(
                            metrics(vertex) + "?agg=sum,max&get=" + String.join(",", wanted),
                            "["
                                    + String.join(",", wanted.stream().map(values::get).toList())
                                    + "]");
                });
        URI root = URI.create("http://127.0.0.1:" + flink.getAddress().getPort());
        return JobNumbers.read(new JobMetrics(new FlinkRest(root)), "j", NOW);
    }

    private static String page(JobNumbers numbers) throws Exception {
        TaskFamilies families = new TaskFamilies();
        families.job("t1", numbers, NOW);
        families.collections("t1", numbers, NOW - 1_000, OptionalLong.of(NOW - 1_000), NOW);
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(page, families.snapshots());
        return page.toString(StandardCharsets.UTF_8);
    }

    private static String metrics(String vertex) {
        return "/jobs/j/vertices/" + vertex + "/subtasks/metrics";
    }

    private static String ids(List<String> names) {
        return "["
                + String.join(",", names.stream().map(n -> "{\"id\":\"" + n + "\"}").toList())
                + "]";
    }
}

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
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flink's REST API as it answers for one job of two operators. */
final class JobNumbersTest {

    private static final String WRITER = "0.Replicate_to_target__Writer.";
    private static final String COMMITTER = "0.Replicate_to_target__Committer.";

    private final Map<String, String> answers = new TreeMap<>();
    private HttpServer flink;

    @BeforeEach
    void start() throws Exception {
        flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        flink.createContext(
                "/",
                exchange -> {
                    String text = answers.get(exchange.getRequestURI().toString());
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
        answers.put("/jobs/j", "{\"vertices\":[{\"id\":\"w\"},{\"id\":\"c\"}]}");
        answers.put("/jobs/j/checkpoints", "{}");
        metric("w", WRITER + "api.ReplicateMessage.executed", 7);
        metric("c", COMMITTER + "api.ReplicateMessage.executed", 3);

        JobNumbers numbers =
                JobNumbers.read(
                        new JobMetrics(
                                new FlinkRest(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + flink.getAddress().getPort()))),
                        "j",
                        1_000);
        assertThat(numbers.apiCalls()).isEqualTo(Map.of("ReplicateMessage", 10.0));

        TaskFamilies families = new TaskFamilies();
        families.job("t1", numbers, 1_000);
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(page, families.snapshots());
        assertThat(page.toString(StandardCharsets.UTF_8))
                .contains(
                        "milvus_cdc_api_execute_total{api_type=\"ReplicateMessage\",task_id=\"t1\"} 10.0");
    }

    private void metric(String vertex, String name, double sum) {
        String metrics = "/jobs/j/vertices/" + vertex + "/subtasks/metrics";
        answers.put(metrics, "[{\"id\":\"" + name + "\"}]");
        answers.put(
                metrics + "?agg=sum&get=" + name,
                "[{\"id\":\"" + name + "\",\"sum\":" + sum + "}]");
    }
}

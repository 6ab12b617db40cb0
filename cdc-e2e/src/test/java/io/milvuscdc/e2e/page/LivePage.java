// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.ProjectFiles;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The status page and the metrics of a control plane that has a running task, whose rows keep
 * coming, and a paused one.
 */
public final class LivePage {

    /** Set to true, a picture for the documentation is taken, which takes minutes. */
    private static final String PICTURE = "milvuscdc.test.picture";

    private static final Duration BOUND = Await.PATIENCE;
    private static final int POINTS = 18;
    private static final Pattern MANAGEMENT =
            Pattern.compile("Ready: .*management (?:https?://)?([0-9.]+:[0-9]+)");

    private static final Set<String> STANDARD =
            Set.of(
                    "Source__.*\\.numRecordsIn",
                    "Source__.*\\.numBytesIn",
                    "Source__.*\\.numRecordsInErrors",
                    "Source__.*\\.pendingRecords",
                    "Source__.*\\.currentEmitEventTimeLag",
                    "Source__.*\\.watermarkLag",
                    "Source__.*\\.sourceIdleTime",
                    ".*Writer\\.numRecordsIn",
                    ".*Writer\\.numRecordsSend",
                    ".*Writer\\.numBytesSend",
                    ".*Writer\\.numRecordsSendErrors",
                    ".*Writer\\.currentSendTime",
                    ".*Writer\\.unacknowledgedBytes",
                    ".*Writer\\.requestsSentAgain");

    private final ObjectMapper json = new ObjectMapper();
    private final ControlPlane plane;
    private final String running;
    private final String paused;

    public LivePage(ControlPlane plane, String running, String paused) {
        this.plane = plane;
        this.running = running;
        this.paused = paused;
    }

    /** Looks at the page, and pauses, resumes and deletes by it; the paused task is gone then. */
    public void use(Path directory, String collection) throws Exception {
        String root = plane.apiUrl().replace("/cdc", "/");
        CdcClient cdc = new CdcClient(plane.apiUrl());
        try (Browser browser = Browser.start(directory)) {
            browser.look(1000, 1040, false);
            browser.open(root);
            browser.awaitText(card(running) + " .state", "Running");
            browser.awaitText(card(paused) + " .state", "Paused");
            browser.awaitText(card(paused) + " .reason", "manually pause through http interface");
            browser.awaitText(card(running), "is visible there");
            browser.awaitText(card(running), "rows sent since the job's start");
            browser.click(card(running) + " .collections summary");
            browser.awaitText(card(running) + " .collections td", collection);
            browser.awaitText(card(running) + " .collections td", "default." + collection);
            browser.await(number(card(running) + " .collections td:nth-child(2)") + " > 0");
            browser.await(number(card(running) + " .collections td:nth-child(6)") + " > 0");
            browser.await(number(card(running) + " .collections td:nth-child(9)") + " > 0");
            browser.awaitText(card(running) + " .collections td:nth-child(3)", ":");
            browser.await(
                    element(card(running) + " .collections td:nth-child(4)")
                            + ".innerText.match(/up to date|^[0-9.]+ s$/) !== null");
            browser.await(element(card(running) + " .waiting") + ".hidden");
            browser.await(number(card(running) + " figcaption b") + " >= 0");
            assertThat(browser.eval(element(card(running) + " a.job") + ".href").asText())
                    .startsWith(plane.flinkUrl() + "/#/job/running/");
            browser.click(card(running) + " .positions summary");
            browser.awaitText(card(running) + " .positions td", collection);
            browser.click(card(running) + " .positions summary");
            if (Boolean.getBoolean(PICTURE)) {
                takePicture(browser);
            }

            browser.click(card(running) + " .toggle");
            browser.awaitText(card(running) + " .state", "Paused");
            assertThat(cdc.state(running)).isEqualTo("Paused");
            browser.await(element(card(running) + " .toggle") + ".innerText === 'Resume'");
            browser.click(card(running) + " .toggle");
            browser.awaitText(card(running) + " .state", "Running");
            assertThat(cdc.state(running)).isEqualTo("Running");

            browser.click(card(paused) + " .delete");
            browser.awaitText("#confirm", paused);
            browser.click("#confirm-yes");
            browser.await(element(card(paused)) + " === null");
            assertThat(cdc.send("get", json.createObjectNode().put("task_id", paused)).toString())
                    .contains("not found");
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.addresses())
                    .allMatch(it -> it.startsWith(root) || it.equals("about:blank"));
        }
    }

    private void takePicture(Browser browser) throws Exception {
        String line = element(card(running) + " polyline");
        browser.await(line + " && " + line + ".points.length >= " + POINTS / 10);
        Await.until(
                "a history worth a picture",
                Duration.ofMinutes(10),
                () -> browser.eval(line + ".points.length").asInt() >= POINTS);
        browser.eval("window.scrollTo(0, 0)");
        byte[] picture = browser.screenshot();
        Path docs = ProjectFiles.find(Path.of("docs"));
        Files.createDirectories(docs.resolve("images"));
        Files.write(docs.resolve("images").resolve("status-page.png"), picture);
        browser.look(1000, 1040, true);
        Files.write(Path.of("target").resolve("status-page-dark.png"), browser.screenshot());
        browser.look(380, 900, false);
        Files.write(Path.of("target").resolve("status-page-narrow.png"), browser.screenshot());
        browser.look(1000, 1040, false);
    }

    /** Status and metrics say of a collection that its rows wait, since when, and what for. */
    public void tellsWhatWaits(String collection, String reason) throws Exception {
        Await.until(
                "the reason why " + collection + " waits",
                BOUND,
                () -> {
                    JsonNode of = collection(collection);
                    return of.path("waiting_reason").asText().contains(reason)
                            && of.path("lag_seconds").asDouble() > 1
                            && of.path("waiting_since").asLong() > 0
                            && of.path("database").asText().equals("default");
                });
        Await.until(
                "the metric of it",
                BOUND,
                () -> metric("milvus_cdc_collection_waiting_seconds", collection) > 1);
        assertThat(metric("milvus_cdc_collection_lag_seconds", collection)).isGreaterThan(1);
    }

    /** Nothing of the collection waits any more, all of its rows are sent, and it's up to date. */
    public void tellsThatNothingWaits(String collection, long rows) {
        Await.until(
                collection + " to be up to date",
                BOUND,
                () -> {
                    JsonNode of = collection(collection);
                    return of.path("waiting_since").isNull()
                            && of.path("inserted_sent").asLong() == rows
                            && of.path("lag_seconds").asDouble(1) == 0
                            && metric("milvus_cdc_collection_waiting_seconds", collection) == 0
                            && metric("milvus_cdc_collection_lag_seconds", collection) == 0;
                });
    }

    /** A collection that is dropped is neither in the status nor in the metrics. */
    public void forgets(String collection) {
        Await.until(
                collection + " to be forgotten",
                BOUND,
                () ->
                        collection(collection).isMissingNode()
                                && !read(metrics())
                                        .contains("collection_name=\"" + collection + "\""));
    }

    private JsonNode collection(String name) throws Exception {
        String address = plane.apiUrl().replace("/cdc", "/status");
        for (JsonNode task : json.readTree(read(URI.create(address))).path("tasks")) {
            for (JsonNode of : task.path("collections")) {
                if (of.path("name").asText().equals(name)) {
                    return of;
                }
            }
        }
        return MissingNode.getInstance();
    }

    /** A metric of a collection; not a number when there is none. */
    private double metric(String name, String collection) throws Exception {
        return read(metrics())
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> line.contains("collection_name=\"" + collection + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(Double.NaN);
    }

    private URI metrics() throws Exception {
        Matcher address = MANAGEMENT.matcher(Files.readString(plane.process().log()));
        String url = "";
        while (address.find()) {
            url = "http://" + address.group(1) + "/metrics";
        }
        return URI.create(url);
    }

    /** The server has every metric that the alert rules and the dashboard speak of. */
    public void hasAllMetricsThatAreSpokenOf() throws Exception {
        MonitoringFiles files = MonitoringFiles.read();
        URI metrics = metrics();
        Set<String> lacked = new TreeSet<>();
        try {
            Await.until(
                    "metrics of a job that runs",
                    BOUND,
                    () -> {
                        lacked.clear();
                        lacked.addAll(files.lackedBy(read(metrics)));
                        return lacked.isEmpty();
                    });
        } finally {
            assertThat(lacked).as("metrics and labels that %s lacks", metrics).isEmpty();
        }
    }

    /**
     * Flink has the metrics that FLIP-33 names, by operator; some only come with what they count,
     * such as the first watermark.
     */
    public void hasFlinksStandardMetrics() {
        Set<String> lacked = new TreeSet<>();
        try {
            Await.until(
                    "Flink's standard metrics",
                    Await.PATIENCE,
                    () -> {
                        Set<String> names = flinkMetrics();
                        lacked.clear();
                        STANDARD.stream()
                                .filter(metric -> names.stream().noneMatch(n -> n.matches(metric)))
                                .forEach(lacked::add);
                        return lacked.isEmpty();
                    });
        } finally {
            assertThat(lacked).as("metrics that Flink lacks").isEmpty();
        }
    }

    /** Of all operators of the jobs that run. */
    private Set<String> flinkMetrics() throws Exception {
        Set<String> names = new TreeSet<>();
        for (JsonNode job : json.readTree(read(flink("/jobs"))).path("jobs")) {
            if (job.path("status").asText().equals("RUNNING")) {
                String path = "/jobs/" + job.path("id").asText();
                for (JsonNode vertex : json.readTree(read(flink(path))).path("vertices")) {
                    String of = path + "/vertices/" + vertex.path("id").asText();
                    json.readTree(read(flink(of + "/subtasks/metrics")))
                            .forEach(metric -> names.add(metric.path("id").asText()));
                }
            }
        }
        return names;
    }

    private URI flink(String path) {
        return URI.create(plane.flinkUrl() + path);
    }

    private static String read(URI uri) throws Exception {
        try (var in = uri.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String card(String task) {
        return "[data-task='" + task + "']";
    }

    private static String element(String selector) {
        return "document.querySelector(\"" + selector + "\")";
    }

    private static String number(String selector) {
        return "parseFloat(" + element(selector) + "?.innerText.replace(/,/g, ''))";
    }
}

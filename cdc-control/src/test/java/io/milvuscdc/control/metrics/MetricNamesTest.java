// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.api.RequestObserver;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.http.HttpAnswer;
import io.milvuscdc.control.rest.FlinkRest;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricNamesTest {

    private static final Pattern NAME = Pattern.compile("\\bmilvus_cdc_[a-z_]+");

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final RequestMetrics requests = new RequestMetrics(registry);
    @TempDir private Path data;

    @Test
    void everyMetricIsDocumentedAndNoOther() throws IOException {
        register();
        Set<String> shown = new TreeSet<>();
        for (MetricSnapshot metric : registry.scrape()) {
            boolean counter =
                    metric instanceof io.prometheus.metrics.model.snapshots.CounterSnapshot;
            shown.add(metric.getMetadata().getPrometheusName() + (counter ? "_total" : ""));
        }
        assertThat(names("../docs/metrics.md")).isEqualTo(shown);
        assertThat(shown).containsAll(names("../deploy/monitoring/alerts.yaml"));
        assertThat(shown).containsAll(names("../deploy/monitoring/dashboard.json"));
    }

    @Test
    void tasksAreCountedByStateAndOneThatNeverCommitsLags() throws IOException {
        store.create(Tasks.running("t1"));
        store.create(Tasks.running("t2").wanted(DesiredState.PAUSED, Task.PAUSED_BY_REQUEST));
        store.create(Tasks.running("t3").wanted(DesiredState.PAUSED, "login refused"));
        register();

        String text = page().body();
        assertThat(text)
                .contains("milvus_cdc_task_num{task_state=\"Initial\"} 0.0")
                .contains("milvus_cdc_task_num{task_state=\"Running\"} 1.0")
                .contains("milvus_cdc_task_num{task_state=\"Paused\"} 2.0")
                .contains("milvus_cdc_task_state{task_id=\"t2\"} 2.0")
                .contains("milvus_cdc_task_paused_by_itself{task_id=\"t2\"} 0.0")
                .contains("milvus_cdc_task_paused_by_itself{task_id=\"t3\"} 1.0")
                .contains("milvus_cdc_task_lag_seconds{task_id=\"t1\"} ")
                .doesNotContain("milvus_cdc_task_lag_seconds{task_id=\"t2\"} ");
    }

    @Test
    void requestsAreCountedUnderTheOldNames() throws IOException {
        requests.received("get");
        requests.succeeded("get", 3);
        requests.received("get");
        requests.refused(RequestObserver.Refusal.INVALID_METHOD);

        assertThat(page().body())
                .contains(
                        "milvus_cdc_request_total{request_status=\"total\",request_type=\"get\"} 2.0")
                .contains(
                        "milvus_cdc_request_total{request_status=\"success\",request_type=\"get\"} 1.0")
                .contains(
                        "milvus_cdc_request_total{request_status=\"invalid_method\",request_type=\"unknown\"} 1.0")
                .contains("milvus_cdc_request_latency_bucket{request_type=\"get\",le=\"4.0\"} 1");
    }

    @Test
    void aStoreThatIsAwayIsTold() throws IOException {
        register();
        assertThat(page().body()).contains("milvus_cdc_store_up 1.0");
        store.away();
        assertThat(page().body()).contains("milvus_cdc_store_up 0.0");
    }

    private void register() {
        CommittedProgress progress = new CommittedProgress(new RestorePoints(data));
        FlinkRest flink = new FlinkRest(URI.create("http://127.0.0.1:1"));
        JobPoller jobs = new JobPoller(store, flink, Clock.systemUTC());
        registry.register(
                new TaskCollector(
                        store,
                        progress,
                        new LagOrigin(Clock.systemUTC()),
                        jobs,
                        Clock.systemUTC()));
    }

    private HttpAnswer page() throws IOException {
        return new MetricsPage(registry).answer(null);
    }

    private static Set<String> names(String file) throws IOException {
        Matcher matcher = NAME.matcher(Files.readString(Path.of(file)));
        return matcher.results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

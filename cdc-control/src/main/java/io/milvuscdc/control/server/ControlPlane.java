// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.connectors.feeding.LocalHost;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.control.api.CdcApi;
import io.milvuscdc.control.api.HttpEndpoint;
import io.milvuscdc.control.api.PositionFinder;
import io.milvuscdc.control.api.Preflight;
import io.milvuscdc.control.api.Reconciliation;
import io.milvuscdc.control.api.StartFinder;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.JobDefiner;
import io.milvuscdc.control.cluster.JobHome;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.control.http.HttpPage;
import io.milvuscdc.control.http.ManagementEndpoint;
import io.milvuscdc.control.metrics.JobPoller;
import io.milvuscdc.control.metrics.LagOrigin;
import io.milvuscdc.control.metrics.MetricsPage;
import io.milvuscdc.control.metrics.RequestMetrics;
import io.milvuscdc.control.metrics.TaskCollector;
import io.milvuscdc.control.progress.PositionReader;
import io.milvuscdc.control.progress.SourceCollections;
import io.milvuscdc.control.reconcile.AutoStart;
import io.milvuscdc.control.reconcile.ReconcileLoop;
import io.milvuscdc.control.reconcile.Suspension;
import io.milvuscdc.control.reconcile.TaskCleanup;
import io.milvuscdc.control.reconcile.TaskReconciler;
import io.milvuscdc.control.reconcile.TaskSpecs;
import io.milvuscdc.control.status.StatusPages;
import io.milvuscdc.control.status.TaskWatch;
import io.milvuscdc.control.store.DirectoryLock;
import io.milvuscdc.control.store.RecordTaskStore;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.control.takeover.Takeover;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Store, Flink, reconcile loop and API, started in this order and stopped in the opposite one. */
public final class ControlPlane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration SETTLE_BOUND = Duration.ofSeconds(10);
    private static final Duration SUSPEND_BOUND = Duration.ofSeconds(40);
    private static final String URL_FILE = "flink-ui.url";

    private final FlinkHost flink;
    private final HttpEndpoint http;
    private final Deque<AutoCloseable> parts;

    /**
     * What the control plane needs of the job, of the servers that tasks connect, and of the
     * process.
     *
     * @param starts for tasks that are created
     * @param resumes for tasks that a Go Milvus-CDC has run until now
     * @param onStoreLost ends the process at once, without leave: another control plane may run the
     *     tasks from now on, and a savepoint of this one's jobs would only mislead it
     */
    public record Seams(
            JobDefiner definer,
            Preflight preflight,
            StartFinder starts,
            StartFinder resumes,
            TaskCleanup cleanup,
            Runnable onStoreLost) {}

    private ControlPlane(FlinkHost flink, HttpEndpoint http, Deque<AutoCloseable> parts) {
        this.flink = flink;
        this.http = http;
        this.parts = parts;
    }

    /** Starts everything; the stored tasks go on by themselves. */
    public static ControlPlane start(ControlConfig config, Seams seams) throws Exception {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return start(config, seams, parts);
        } catch (Exception e) {
            closeAll(parts);
            throw e;
        }
    }

    /** By where its tasks are kept: who has these is this control plane. */
    private static String self(StoreSettings store) {
        return "control plane with its tasks in "
                + store
                + (store.type() == StoreSettings.Type.FILE ? " on " + LocalHost.name() : "");
    }

    private static ControlPlane start(ControlConfig config, Seams seams, Deque<AutoCloseable> parts)
            throws Exception {
        Path data = config.flink().dataDirectory();
        SourceChannels channels = config.source().channels();
        MqMessageIds ids = channels.queue().messageIds();
        RecordTaskStore store = TaskStores.open(config.store(), seams.onStoreLost());
        parts.push(store);
        new Takeover(store, store, seams.resumes(), ids, Takeover.QUIET).run();
        parts.push(DirectoryLock.take(data));
        new JobHome(data).moveTo(config.flink().session(), store.list());
        FlinkHost flink = FlinkHost.open(config.flink(), seams.definer());
        parts.push(flink);
        RestorePoints points = new RestorePoints(data);
        new AutoStart(store).pauseDisabled();
        if (flink.inside()) {
            parts.push(() -> new Suspension(store, flink.cluster(), points).run(SUSPEND_BOUND));
        }
        TaskReconciler reconciler =
                new TaskReconciler(
                        store,
                        flink.cluster(),
                        points,
                        new TaskSpecs(config.source(), config.replication(), self(config.store()))
                                ::of,
                        seams.cleanup(),
                        () -> JobID.generate().toHexString());
        ReconcileLoop loop = new ReconcileLoop(store, reconciler);
        parts.push(loop);
        loop.start();
        CommittedProgress progress = new CommittedProgress(points);
        SourceCollections collections = new SourceCollections(config.source().etcd());
        parts.push(collections);
        PositionFinder positions =
                new PositionReader(
                        progress,
                        collections::list,
                        channels.replicateChannel(),
                        ids,
                        Clock.systemUTC());
        ManagementEndpoint management = new ManagementEndpoint(config.transport());
        parts.push(management);
        JobPoller jobs = new JobPoller(store, flink.rest(), Clock.systemUTC());
        parts.push(jobs);
        jobs.start();
        LagOrigin origin = new LagOrigin(Clock.systemUTC());
        PrometheusRegistry registry =
                metrics(new TaskCollector(store, progress, origin, jobs, Clock.systemUTC()));
        TaskWatch watch = new TaskWatch(store, progress, origin, jobs::of, Clock.systemUTC());
        parts.push(watch);
        watch.start();
        HttpPage page = new MetricsPage(registry);
        management.register("/metrics", page);
        // where the old tool has them
        management.register("/cdc/metrics", page);
        management.start();
        HttpEndpoint http =
                new HttpEndpoint(
                        config.address(),
                        config.transport(),
                        new CdcApi(
                                store,
                                config,
                                seams.preflight(),
                                seams.starts(),
                                positions,
                                points::given,
                                waker(loop),
                                new RequestMetrics(registry)),
                        new Health(store, flink.cluster())::faults,
                        new StatusPages(store, watch, flink.rest().root())::register);
        parts.push(http);
        http.start();
        publish(flink, data);
        LOG.info(
                "Ready: API {}://{}:{}/cdc, management {}:{}, Flink UI {}, {} task(s)",
                config.transport().scheme(),
                config.address().host(),
                http.port(),
                config.transport().management().host(),
                management.port(),
                flink.rest().root(),
                store.list().size());
        return new ControlPlane(flink, http, parts);
    }

    private static PrometheusRegistry metrics(TaskCollector tasks) {
        PrometheusRegistry registry = new PrometheusRegistry();
        JvmMetrics.builder().register(registry);
        registry.register(tasks);
        return registry;
    }

    private static Reconciliation waker(ReconcileLoop loop) {
        return new Reconciliation() {
            @Override
            public void wake() {
                loop.wake();
            }

            @Override
            public void settle(String taskId) throws InterruptedException {
                loop.wake();
                loop.awaitStopped(taskId, SETTLE_BOUND);
            }
        };
    }

    /** For scripts; a full disk must not keep the tasks from going on. */
    private static void publish(FlinkHost flink, Path data) {
        Path file = data.resolve(URL_FILE);
        try {
            Files.writeString(file, flink.rest().root() + "\n");
        } catch (IOException e) {
            LOG.warn("The file {} with the URL of Flink's UI can't be written: {}", file, e);
        }
    }

    /** The port of the API. */
    public int port() {
        return http.port();
    }

    /**
     * False when the Flink inside has stopped by itself; the process is of no use any more then.
     */
    public boolean isHealthy() {
        return flink.isOfUse();
    }

    /**
     * Stops accepting requests, then every job of the Flink inside with a savepoint, then the rest.
     * Bounded. Jobs in a session cluster run on.
     */
    @Override
    public void close() {
        closeAll(parts);
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("A part of the control plane didn't stop as it should", e);
            }
        }
    }
}

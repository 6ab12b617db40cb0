// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import static io.milvuscdc.e2e.store.SampleTasks.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.control.store.RecordTaskStore;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskReader;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What every task store promises, over files, a real etcd and a real MariaDB. */
final class TaskStoreITCase {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final Duration BOUND = Await.PATIENCE;

    private static Map<StoreSettings.Type, StoreBackend> backends;

    @BeforeAll
    static void start() throws Exception {
        backends =
                Map.of(
                        StoreSettings.Type.FILE, new FileBackend(),
                        StoreSettings.Type.ETCD, new EtcdBackend(),
                        StoreSettings.Type.MYSQL, new MysqlBackend());
    }

    @AfterAll
    static void stop() {
        backends.values().forEach(StoreBackend::close);
    }

    @ParameterizedTest
    @EnumSource
    void keepsTasksWithAllTheirFieldsInTheOrderOfTheirIds(StoreSettings.Type type)
            throws Exception {
        try (RecordTaskStore store = open(type, "keeps")) {
            store.create(task("t2"));
            store.create(task("t1"));
            store.create(task("t3"));
            store.delete("t3");
            store.delete("never-was");
            assertThatThrownBy(() -> store.create(task("t1")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("t1 already");
            assertThat(store.update("t2", SampleTasks::counted))
                    .contains(SampleTasks.counted(task("t2")));
            assertThat(store.update("none", task -> task)).isEmpty();
        }
        try (RecordTaskStore store = open(type, "keeps")) {
            assertThat(store.list()).containsExactly(task("t1"), SampleTasks.counted(task("t2")));
            assertThat(store.find("t3")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNoChangeWhenManyChangeOneTask(StoreSettings.Type type) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (RecordTaskStore store = open(type, "contention")) {
            store.create(task("t1"));
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                done.add(
                        threads.submit(
                                () -> {
                                    for (int j = 0; j < 10; j++) {
                                        store.update("t1", SampleTasks::counted);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> thread : done) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (RecordTaskStore store = open(type, "contention")) {
            assertThat(store.find("t1").orElseThrow().reason()).isEqualTo("80");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatIsNoTaskIsToldByItsKeyAndLeftAlone(StoreSettings.Type type) throws Exception {
        backend(type).putTask("foreign", "t0", "{\"token\": \"s3cret\"}");
        try (RecordTaskStore store = open(type, "foreign")) {
            store.create(task("t1"));
            assertThat(store.list()).containsExactly(task("t1"));
            assertThat(store.problems())
                    .singleElement()
                    .asString()
                    .contains("foreign/t", "t0", "is left alone: it holds half a task")
                    .doesNotContain("s3cret");
        }
        assertThat(backend(type).tasks("foreign")).containsEntry("t0", "{\"token\": \"s3cret\"}");
    }

    @ParameterizedTest
    @EnumSource
    void secretsAreEncryptedWithAKeyAndOpenToNobodyElse(StoreSettings.Type type) throws Exception {
        try (RecordTaskStore store = open(type, "secrets")) {
            store.create(task("t1"));
        }
        assertThat(backend(type).tasks("secrets").get("t1")).contains(SampleTasks.SECRET);
        try (RecordTaskStore store = TaskStores.open(withKey(type, "secrets", KEY), () -> {})) {
            assertThat(store.list()).containsExactly(task("t1"));
            store.create(task("t2"));
        }
        assertThat(backend(type).tasks("secrets").values())
                .hasSize(2)
                .allSatisfy(json -> assertThat(json).contains("enc:v1:").doesNotContain("s3cret"));
        assertThatThrownBy(() -> open(type, "secrets"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("t1 can't be used")
                .hasMessageContaining("MILVUS_CDC_SECRET_KEY");
        try (RecordTaskStore store = TaskStores.open(withKey(type, "secrets", KEY), () -> {})) {
            assertThat(store.list()).containsExactly(task("t1"), task("t2"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskIsReadWhileAnotherProcessOwnsItsStore(StoreSettings.Type type) throws Exception {
        StoreSettings settings = withKey(type, "read", KEY);
        try (RecordTaskStore store = TaskStores.open(settings, () -> {})) {
            store.create(task("t1"));
            assertThat(TaskReader.find(settings, "t1")).contains(task("t1"));
            assertThat(TaskReader.find(settings, "t2")).isEmpty();
            assertThatThrownBy(() -> TaskReader.find(backend(type).settings("read"), "t1"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("MILVUS_CDC_SECRET_KEY");
            assertThat(store.update("t1", SampleTasks::counted)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void rootPathsDontSeeOneAnother(StoreSettings.Type type) throws Exception {
        List<String> roots = List.of("", "/", "tenant", "tenant/a", "tenant_", "TENANTS");
        for (String root : roots) {
            try (RecordTaskStore store = open(type, root)) {
                assertThat(store.list()).as("of '%s'", root).isEmpty();
                assertThat(store.problems()).isEmpty();
                store.create(task("in-" + roots.indexOf(root)));
            }
        }
        for (String root : roots) {
            try (RecordTaskStore store = open(type, root)) {
                assertThat(store.list())
                        .as("of '%s'", root)
                        .containsExactly(task("in-" + roots.indexOf(root)));
                store.delete("in-" + roots.indexOf(root));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void aSecondOwnerWaitsUntilTheFirstIsGone(StoreSettings.Type type) throws Exception {
        RecordTaskStore first = open(type, "second");
        CompletableFuture<RecordTaskStore> second =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return open(type, "second");
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        first.create(task("t1"));
        // longer than the lease would last by itself
        Await.pause(Duration.ofSeconds(8));
        assertThat(second).isNotDone();
        assertThat(first.isReachable()).as("what asks the server finds it well").isTrue();
        first.create(task("t2"));
        first.close();
        try (RecordTaskStore store = second.get()) {
            assertThat(store.list()).containsExactly(task("t1"), task("t2"));
            store.create(task("t3"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void whoNoLongerOwnsTheStoreIsToldAndCantWrite(StoreSettings.Type type) throws Exception {
        AtomicInteger losses = new AtomicInteger();
        RecordTaskStore store =
                TaskStores.open(backend(type).settings("usurped"), losses::incrementAndGet);
        store.create(task("t1"));
        backend(type).usurp("usurped");
        Map<String, String> before = backend(type).tasks("usurped");
        assertThatThrownBy(() -> store.update("t1", SampleTasks::counted))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no longer owns");
        assertThatThrownBy(() -> store.create(task("t2"))).hasMessageContaining("no longer owns");
        assertThatThrownBy(() -> store.delete("t1")).hasMessageContaining("no longer owns");
        assertThat(backend(type).tasks("usurped")).isEqualTo(before);
        Await.until("the loss to be told", BOUND, () -> losses.get() == 1);
        store.close();
    }

    @Test
    void anOwnerWhoseTakeOfEtcdsKeyWasNotAnsweredStaysTheOwner() throws Exception {
        EtcdBackend etcd = (EtcdBackend) backend(StoreSettings.Type.ETCD);
        AtomicInteger losses = new AtomicInteger();
        try (RecordTaskStore store =
                TaskStores.open(etcd.settings("unheard"), losses::incrementAndGet)) {
            etcd.takeAgainUnheard("unheard");
            Await.until("the key to have a lease", BOUND, () -> etcd.ownerHasLease("unheard"));
            store.create(task("t1"));
            assertThat(losses).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void aKilledOwnersStoreIsFreeWhenItsLeaseHasLapsed(StoreSettings.Type type) throws Exception {
        try (StoreHolder holder = StoreHolder.start(backend(type).settings("killed"))) {
            holder.kill();
            try (RecordTaskStore store = open(type, "killed")) {
                store.create(task("t1"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void changesSurviveThatTheServerIsKilledAgainAndAgain(StoreSettings.Type type)
            throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicInteger unknown = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger losses = new AtomicInteger();
        StoreSettings settings = backend(type).settings("crashes");
        try (RecordTaskStore store = TaskStores.open(settings, losses::incrementAndGet)) {
            store.create(task("t1"));
            CompletableFuture<Void> changes =
                    CompletableFuture.runAsync(
                            () -> {
                                while (!stop.get()) {
                                    try {
                                        store.update("t1", SampleTasks::counted);
                                        acknowledged.incrementAndGet();
                                    } catch (StoreException e) {
                                        unknown.incrementAndGet();
                                    }
                                }
                            });
            for (int i = 1; i <= 2; i++) {
                int before = acknowledged.get();
                Await.until("changes", BOUND, () -> acknowledged.get() > before + 20);
                backend(type).restart();
            }
            int before = acknowledged.get();
            Await.until("changes go on", BOUND, () -> acknowledged.get() > before + 20);
            stop.set(true);
            changes.get();
            assertThat(losses).hasValue(0);
            assertThat(store.find("t1").orElseThrow().desired()).isEqualTo(DesiredState.PAUSED);
        }
        try (RecordTaskStore store = open(type, "crashes")) {
            assertThat(Integer.parseInt(store.find("t1").orElseThrow().reason()))
                    .isBetween(acknowledged.get(), acknowledged.get() + unknown.get());
        }
    }

    private static StoreBackend backend(StoreSettings.Type type) {
        return backends.get(type);
    }

    private static RecordTaskStore open(StoreSettings.Type type, String root) throws Exception {
        return TaskStores.open(backend(type).settings(root), () -> {});
    }

    private static StoreSettings withKey(StoreSettings.Type type, String root, String key) {
        StoreSettings plain = backend(type).settings(root);
        return new StoreSettings(
                plain.type(),
                plain.rootPath(),
                plain.directory(),
                plain.etcd(),
                plain.mysql(),
                plain.leaseTtl(),
                key);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.api.StartFinder;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.control.store.RecordTaskStore;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.control.takeover.Takeover;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a Go Milvus-CDC left, in its exact format, in a real etcd and a real MariaDB. */
final class TakeoverITCase {

    private static final String CHANNEL = "by-dev-rootcoord-dml_";
    private static final StartPoint FOUND = StartPoint.ofKafkaOffsets(Map.of(CHANNEL + "0", 7L));
    private static final long TIME = 1_700_000_000_000L;

    /** Refused as soon as the Go tool writes, so that this may be long. */
    private static final Duration WHILE_IT_RUNS = Duration.ofSeconds(10);

    private static final Duration ONCE_IT_HAS_STOPPED = Duration.ofSeconds(1);

    private static Map<StoreSettings.Type, StoreBackend> backends;

    private final Map<String, StartRequest> asked = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        backends =
                Map.of(
                        StoreSettings.Type.ETCD, new EtcdBackend(),
                        StoreSettings.Type.MYSQL, new MysqlBackend());
    }

    @AfterAll
    static void stop() {
        backends.values().forEach(StoreBackend::close);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void tasksGoOnWhereTheGoToolStopped(StoreSettings.Type type) throws Exception {
        StoreBackend go = backends.get(type);
        go.putTask("cdc", "running", goTask("running", "http://a:19530", 1, ""));
        go.putPosition("cdc", "running", position(444, 0, 17));
        go.putPosition("cdc", "running", position(445, 1, 300));
        go.putPosition("cdc", "running", dropped(443, 0, 5));
        go.putPosition("cdc", "running", new GoPosition(-1, "-1", "unused", 0, 0, false));
        go.putPosition(
                "cdc", "running", new GoPosition(-10, "-10", "by-dev-replicate-msg", 9, 0, false));
        go.putTask("cdc", "paused", goTask("paused", "http://b:19530", 2, "by hand"));
        go.putPosition("cdc", "paused", position(444, 0, 3));
        go.putTask("other", "elses", goTask("elses", "http://c:19530", 1, ""));

        try (RecordTaskStore store = open(type)) {
            assertThat(store.list()).isEmpty();
            takeOver(store, FOUND);

            assertThat(store.list()).extracting(Task::id).containsExactly("paused", "running");
            Task running = store.find("running").orElseThrow();
            assertThat(running.desired()).isEqualTo(DesiredState.RUNNING);
            assertThat(running.start()).isEqualTo(FOUND);
            assertThat(running.run()).isEmpty();
            assertThat(running.target().credentials()).isEqualTo("root:Milvus");
            assertThat(running.definition().selection().covers("db", "c1")).isTrue();
            assertThat(running.definition().selection().covers("db", "c2")).isFalse();
            Task paused = store.find("paused").orElseThrow();
            assertThat(paused.desired()).isEqualTo(DesiredState.PAUSED);
            assertThat(paused.reason()).isEqualTo("by hand");

            StartRequest request = asked.get("running");
            assertThat(request.positions())
                    .isEqualTo(
                            Map.of(
                                    CHANNEL + "0_444v0", at(CHANNEL + "0", 17, Tso.of(TIME, 0)),
                                    CHANNEL + "1_445v0", at(CHANNEL + "1", 300, Tso.of(TIME, 0))));
            assertThat(request.operations()).contains(at("by-dev-replicate-msg", 9, 0));
            assertThat(request.fromCollectionStart())
                    .containsExactly(new CollectionPattern("db", "c1"));
        }
        // still what the Go tool could list, and found as ours the next time
        assertThat(go.tasks("cdc").get("running"))
                .contains("\"TaskID\"", "\"MilvusConnectParam\"", "\"DBCollections\"", "\"State\"");
        try (RecordTaskStore store = open(type)) {
            assertThat(store.goTasks()).isEmpty();
            assertThat(store.list()).extracting(Task::id).containsExactly("paused", "running");
            store.delete("running");
            assertThat(go.positions("cdc", "running")).isEmpty();
            assertThat(go.positions("cdc", "paused")).hasSize(1);
            store.delete("paused");
        }
        assertThat(go.tasks("other")).containsKey("elses");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void ofSeveralTasksIntoOneTargetOneRuns(StoreSettings.Type type) throws Exception {
        StoreBackend go = backends.get(type);
        go.putTask("cdc", "a-paused", goTask("a-paused", "http://a:19530", 2, "by hand"));
        go.putTask("cdc", "b", goTask("b", "http://a:19530", 1, ""));
        go.putTask("cdc", "c", goTask("c", "http://A:19530", 0, ""));
        try (RecordTaskStore store = open(type)) {
            takeOver(store, FOUND);
            assertThat(store.list())
                    .extracting(Task::desired)
                    .containsExactly(
                            DesiredState.PAUSED, DesiredState.RUNNING, DesiredState.PAUSED);
            assertThat(store.find("c").orElseThrow().reason())
                    .contains("one task only can feed a target", "task b feeds http://a:19530");
            assertThat(store.find("a-paused").orElseThrow().reason()).isEqualTo("by hand");
            for (Task task : store.list()) {
                store.delete(task.id());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void isRefusedWhileTheGoToolRuns(StoreSettings.Type type) throws Exception {
        StoreBackend go = backends.get(type);
        go.putTask("cdc", "live", goTask("live", "http://a:19530", 1, ""));
        go.putPosition("cdc", "live", position(444, 0, 17));
        Map<String, String> before = go.tasks("cdc");
        ScheduledExecutorService goTool = Executors.newSingleThreadScheduledExecutor();
        try (RecordTaskStore store = open(type)) {
            Future<?> goOn =
                    goTool.schedule(
                            () -> {
                                go.putPosition("cdc", "live", position(444, 0, 18));
                                return null;
                            },
                            500,
                            TimeUnit.MILLISECONDS);
            assertThatThrownBy(() -> takeOver(store, FOUND, WHILE_IT_RUNS))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the Go Milvus-CDC still runs")
                    .hasMessageContaining("task live");
            assertThat(go.tasks("cdc")).isEqualTo(before);
            goOn.get();
            takeOver(store, FOUND, ONCE_IT_HAS_STOPPED);
            assertThat(store.list()).extracting(Task::id).containsExactly("live");
            store.delete("live");
        } finally {
            goTool.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "FILE")
    void aTaskWhosePositionsCantBeFoundIsLeftForTheNextStart(StoreSettings.Type type)
            throws Exception {
        StoreBackend go = backends.get(type);
        go.putTask("cdc", "unlucky", goTask("unlucky", "http://a:19530", 1, ""));
        String before = go.tasks("cdc").get("unlucky");
        try (RecordTaskStore store = open(type)) {
            new Takeover(
                            store,
                            store,
                            (taskId, request) -> {
                                throw new IOException("the broker is away");
                            },
                            MqMessageIds.KAFKA,
                            Duration.ZERO)
                    .run();
            assertThat(store.list()).isEmpty();
            assertThat(go.tasks("cdc")).containsEntry("unlucky", before);
            takeOver(store, FOUND);
            assertThat(store.list()).extracting(Task::id).containsExactly("unlucky");
            store.delete("unlucky");
        }
    }

    /** Of a Go tool that is known to be away. */
    private void takeOver(RecordTaskStore store, StartPoint found) throws Exception {
        takeOver(store, found, Duration.ZERO);
    }

    private void takeOver(RecordTaskStore store, StartPoint found, Duration quiet)
            throws Exception {
        StartFinder starts =
                (taskId, request) -> {
                    asked.put(request.operations().isPresent() ? "running" : "paused", request);
                    return found;
                };
        new Takeover(store, store, starts, MqMessageIds.KAFKA, quiet).run();
    }

    private static RecordTaskStore open(StoreSettings.Type type) throws Exception {
        return TaskStores.open(backends.get(type).settings("cdc"), () -> {});
    }

    private static GoPosition position(long collectionId, int channel, long offset) {
        return new GoPosition(collectionId, "c", CHANNEL + channel, offset, TIME, false);
    }

    private static GoPosition dropped(long collectionId, int channel, long offset) {
        return new GoPosition(collectionId, "c", CHANNEL + channel, offset, 1, true);
    }

    private static ChannelPosition at(String channel, long offset, long timestamp) {
        return new ChannelPosition(channel, MqPosition.ofKafkaOffset(offset), timestamp);
    }

    /** The value as the Go tool writes it, with a field that later versions of it may have. */
    private static String goTask(String id, String uri, int state, String reason) {
        return "{\"TaskID\":\"%s\",\"MilvusConnectParam\":{\"host\":\"\",\"port\":0,\"enable_tls\":false,\"uri\":\"%s\",\"token\":\"root:Milvus\",\"dial_config\":{},\"channel_num\":0,\"ignore_partition\":false,\"connect_timeout\":10},\"KafkaConnectParam\":{\"address\":\"\",\"topic\":\"\",\"enable_sasl\":false,\"sasl\":{}},\"WriterCacheConfig\":{\"period\":0,\"size\":0},\"CollectionInfos\":null,\"DBCollections\":{\"db\":[{\"name\":\"c1\",\"positions\":null,\"use_start_position\":false}]},\"NameMapping\":null,\"RPCRequestChannelInfo\":{\"name\":\"\",\"position\":\"\"},\"ExtraInfo\":{\"enable_user_role\":false},\"ExcludeCollections\":null,\"DisableAutoStart\":false,\"State\":%d,\"Reason\":\"%s\",\"Later\":{\"x\":1}}"
                .formatted(id, uri, state, reason);
    }
}

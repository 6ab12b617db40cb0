// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Await;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.KnownPositions;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What create does beyond looking at the request. */
final class CreateHandlerTest {

    private static final String MINE = ",'task_id':'mine'";

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final List<String> calls = new ArrayList<>();
    private final List<String> held = Collections.synchronizedList(new ArrayList<>());
    private final List<TargetConfig> probed = new ArrayList<>();
    private Preflight preflight =
            (target, scope) -> {
                probed.add(target);
                return List.of(Finding.well("target", "all well"));
            };
    private StartFinder starts =
            (taskId, request) -> {
                calls.add("starts " + !request.fromCollectionStart().isEmpty());
                return StartPoint.ofKafkaOffsets(Map.of("by-dev-rootcoord-dml_0", 42L));
            };
    private final CdcApi api = api();

    @Test
    void storesTheTaskWithItsStartBeforeItWakesTheLoop() {
        assertThat(create("http://h:19530", "'token':'root:Milvus','connect_timeout':3", ""))
                .contains("\"code\":200");
        Task task = store.list().get(0);
        assertThat(task.desired()).isEqualTo(DesiredState.RUNNING);
        assertThat(task.start())
                .isEqualTo(StartPoint.ofKafkaOffsets(Map.of("by-dev-rootcoord-dml_0", 42L)));
        assertThat(calls).containsExactly("starts false", "wake with 1");
        assertThat(held).containsExactly("for " + task.id(), "kept for " + task.id());
        assertThat(probed)
                .containsExactly(
                        TargetConfig.of("http://h:19530", "root:Milvus", Duration.ofSeconds(3)));
    }

    @Test
    void readsFromTheStartOfTheCollectionsWhenAskedTo() {
        create("http://h:19530", "'connect_timeout':0", ",'use_start_position':true");
        assertThat(calls).contains("starts true");
        assertThat(probed.get(0).connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aTargetThatCannotBeReplicatedIntoIsToldInItsWordsAndStoresNothing() {
        preflight =
                (target, scope) ->
                        List.of(Finding.broken("target", "h is a normal instance", "make it one"));
        assertThat(create("http://h:19530", "'port':0", ""))
                .isEqualTo(
                        "{\"code\":500,\"message\":\"fail to handle the create request, error: fail"
                                + " to connect the milvus: h is a normal instance\"}\n");
        assertThat(store.list()).isEmpty();
        assertThat(calls).isEmpty();
    }

    @Test
    void aSourceThatCannotBeReadIsToldAndStoresNothing() {
        starts =
                (taskId, request) -> {
                    throw new IOException("no broker at 127.0.0.1:9092");
                };
        assertThat(create("http://h:19530", "'port':0", ""))
                .contains("\"code\":500")
                .contains("fail to find where to start reading: no broker at 127.0.0.1:9092");
        assertThat(store.list()).isEmpty();
        assertThat(held).hasSize(2);
        assertThat(held.get(1)).isEqualTo("not " + held.get(0));
    }

    @Test
    void aPositionThatCannotBeReadIsRefusedBeforeAnythingIsHeld() {
        String position = ",'rpc_channel_info':{'position':'no position'}";
        assertThat(create("http://h:19530", "'port':0", "", MINE + position))
                .contains("fail to decode the rpc position data");
        assertThat(held).isEmpty();
    }

    @Test
    void whatIsHeldForAnIdOfTheCallersGoesWhenThereIsNoSuchTask() {
        starts =
                (taskId, request) -> {
                    throw new IOException("no broker");
                };
        create("http://h:19530", "'port':0", "", MINE);
        assertThat(held).containsExactly("for mine", "not for mine");
    }

    @Test
    void createsOfAnIdHoldOneAfterTheOther() throws Exception {
        Thread second = new Thread(() -> create("http://h:19530", "'port':0", "", MINE));
        starts =
                (taskId, request) -> {
                    if (held.size() > 1) {
                        return StartPoint.BEGINNING;
                    }
                    second.start();
                    awaitWaiting(second);
                    throw new IOException("no broker");
                };
        create("http://h:19530", "'port':0", "", MINE);
        second.join();
        assertThat(held).containsExactly("for mine", "not for mine", "for mine", "kept for mine");
        assertThat(store.find("mine")).isPresent();
    }

    @Test
    void theNumberOfTasksIsLimited() {
        store.create(Tasks.running("t1"));
        store.create(Tasks.running("t2"));
        assertThat(create("http://h:19530", "'port':0", ""))
                .contains("\"code\":500")
                .contains("the task num has reach the limit, 2");
    }

    @Test
    void noAnswerRepeatsAPassword() {
        preflight = (target, scope) -> List.of(Finding.broken("target", "refused: " + target, ""));
        assertThat(create("http://h:19530", "'token':'root:pass-word'", ""))
                .doesNotContain("pass-word");
        assertThat(create("http://h:19530", "'token':{'a':'pass-word'}", ""))
                .doesNotContain("pass-word");
    }

    private static void awaitWaiting(Thread thread) throws IOException {
        try {
            Await.until(thread + " waits", () -> thread.getState() == Thread.State.WAITING);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private String create(String uri, String more, String moreOfTheCollection) {
        return create(uri, more, moreOfTheCollection, "");
    }

    private String create(String uri, String more, String moreOfTheCollection, String moreOfAll) {
        String body =
                "{'request_type':'create','request_data':{'milvus_connect_param':{'uri':'"
                        + uri
                        + "',"
                        + more
                        + "},'collection_infos':[{'name':'*'"
                        + moreOfTheCollection
                        + "}]"
                        + moreOfAll
                        + "}}";
        return new String(
                api.answer(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    private CdcApi api() {
        return new CdcApi(
                store,
                Configs.below(Path.of("unused"), 2),
                (target, scope) -> preflight.obstacles(target, scope),
                new StartFinder() {
                    @Override
                    public StartPoint resolve(String taskId, StartRequest request)
                            throws IOException {
                        held.add("for " + taskId);
                        return starts.resolve(taskId, request);
                    }

                    @Override
                    public void keep(String taskId) {
                        held.add("kept for " + taskId);
                    }

                    @Override
                    public void abandon(String taskId) {
                        held.add("not for " + taskId);
                    }
                },
                new KnownPositions(),
                (task, place) -> Path.of(place),
                new Reconciliation() {
                    @Override
                    public void wake() {
                        calls.add("wake with " + store.list().size());
                    }

                    @Override
                    public void settle(String taskId) {}
                },
                RequestObserver.NONE);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several clients at the same time: whatever they interleave to, the promises hold. */
final class RequestsAtOnceTest {

    private static final int CLIENTS = 8;
    private static final Pattern ID = Pattern.compile("\"task_id\":\"([^\"]+)\"");

    @TempDir private Path directory;

    @Test
    void ofManyCreatesForOneTargetOneSucceeds() throws Exception {
        InMemoryTaskStore store = new InMemoryTaskStore();
        List<String> answers = atOnce(store, (api, client) -> send(api, create("", "c" + client)));
        assertThat(answers).filteredOn(answer -> answer.contains("\"code\":200")).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.contains("runs into")).hasSize(CLIENTS - 1);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void ofManyEqualCreatesWithAnIdAllSucceedAndOneMakesTheTask() throws Exception {
        InMemoryTaskStore store = new InMemoryTaskStore();
        List<String> answers = atOnce(store, (api, client) -> send(api, create("mine", "c")));
        assertThat(answers).allMatch("{\"code\":200,\"data\":{\"task_id\":\"mine\"}}\n"::equals);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void ofManyPausesOneIsTheFirst() throws Exception {
        InMemoryTaskStore store = new InMemoryTaskStore();
        send(api(store), create("mine", "c"));
        List<String> answers = atOnce(store, (api, client) -> send(api, about("pause", "mine")));
        assertThat(answers).filteredOn("{\"code\":200}\n"::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.contains("the task has paused"))
                .hasSize(CLIENTS - 1);
    }

    @Test
    void atMostOneTaskOfATargetRunsInAnyInterleavingInMemory() throws Exception {
        atMostOneTaskOfATargetRuns(new InMemoryTaskStore());
    }

    @Test
    void atMostOneTaskOfATargetRunsInAnyInterleavingOnDisk() throws Exception {
        List<Task> kept;
        try (TaskStore store = TaskStores.inFiles(directory)) {
            atMostOneTaskOfATargetRuns(store);
            kept = store.list();
        }
        try (TaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.list()).isEqualTo(kept);
        }
    }

    private static void atMostOneTaskOfATargetRuns(TaskStore store) throws Exception {
        List<String> answers =
                atOnce(
                        store,
                        (api, client) -> {
                            StringBuilder all = new StringBuilder();
                            Random random = new Random(client);
                            for (int i = 0; i < 30; i++) {
                                String id = "t" + random.nextInt(4);
                                all.append(
                                        send(
                                                api,
                                                switch (random.nextInt(5)) {
                                                    case 0, 1 -> create(id, "c" + id);
                                                    case 2 -> about("resume", id);
                                                    case 3 -> about("pause", id);
                                                    default -> about("delete", id);
                                                }));
                                assertThat(running(store)).isLessThanOrEqualTo(1);
                            }
                            return all.toString();
                        });
        assertThat(answers)
                .noneMatch(answer -> answer.contains("a fault of this program"))
                .noneMatch(answer -> answer.contains("already, and it's another one"))
                .anyMatch(answer -> ID.matcher(answer).find());
    }

    private static long running(TaskStore store) throws StoreException {
        return store.list().stream().filter(task -> task.desired() == DesiredState.RUNNING).count();
    }

    /** What one client does. */
    @FunctionalInterface
    private interface Client {
        String run(CdcApi api, int client) throws Exception;
    }

    private static List<String> atOnce(TaskStore store, Client client) throws Exception {
        CdcApi api = api(store);
        CountDownLatch ready = new CountDownLatch(CLIENTS);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<String>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                running.add(
                        threads.submit(
                                () -> {
                                    ready.countDown();
                                    ready.await();
                                    return client.run(api, number);
                                }));
            }
            List<String> answers = new ArrayList<>();
            for (Future<String> answer : running) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Deleted tasks go at once, as with a fast reconcile loop. */
    private static CdcApi api(TaskStore store) {
        return ApiFixture.api(
                store,
                ApiFixture.config(100),
                new Reconciliation() {
                    @Override
                    public void wake() {}

                    @Override
                    public void settle(String taskId) {
                        try {
                            if (store.find(taskId)
                                    .filter(task -> task.desired() == DesiredState.DELETED)
                                    .isPresent()) {
                                store.delete(taskId);
                            }
                        } catch (StoreException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
    }

    private static String send(CdcApi api, String body) {
        return new String(
                api.answer(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    private static String create(String id, String collection) {
        return "{'request_type':'create','request_data':{'task_id':'%s','milvus_connect_param':{'uri':'h:1'},'collection_infos':[{'name':'%s'}]}}"
                .formatted(id, collection);
    }

    private static String about(String type, String id) {
        return "{'request_type':'%s','request_data':{'task_id':'%s'}}".formatted(type, id);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.plane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvuscdc.e2e.cdc.CdcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Several clients that send random requests about the same few tasks, all into one target, without
 * waiting for one another.
 */
final class ManyClients {

    /** What a state is called when there's no task. */
    static final String ABSENT = "absent";

    private static final String RUNNING = "Running";
    private static final String PAUSED = "Paused";
    private static final List<String> IDS = List.of("t0", "t1");

    /** What docs/api.md and docs/compatibility.md say that such requests may be refused with. */
    private static final List<Pattern> REFUSALS =
            List.of(
                    Pattern.compile("not found"),
                    Pattern.compile("the task has paused, task_id: t\\d"),
                    Pattern.compile("the task has running, task_id: t\\d"),
                    Pattern.compile("task t\\d is being deleted, try again in a moment"),
                    Pattern.compile("the collection name is duplicate with existing task, .*t\\d"),
                    Pattern.compile("task t\\d (runs|is paused and goes) into .* a target has one"),
                    Pattern.compile("there is a task with the id t\\d already, and it's another"));

    private final CdcClient cdc;
    private final String target;
    private final ObjectMapper json = new ObjectMapper();
    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> undocumented = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> answers = new TreeMap<>();

    /** A change that was answered with 200. */
    private record Accepted(String id, String type, long sent, long answered) {

        /** A create of the task that's there already changes nothing. */
        Set<String> leads() {
            return switch (type) {
                case "create" -> Set.of(RUNNING, PAUSED);
                case "resume" -> Set.of(RUNNING);
                case "pause" -> Set.of(PAUSED);
                default -> Set.of(ABSENT);
            };
        }
    }

    ManyClients(CdcClient cdc, String target) {
        this.cdc = cdc;
        this.target = target;
    }

    /** Returns when each client has sent its requests. */
    void run(int clients, int requestsEach, long seed) {
        // of its own: the common pool has a thread less than the machine has cores
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Random random = new Random(seed + i);
                running.add(CompletableFuture.runAsync(() -> run(requestsEach, random), threads));
            }
            running.forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }

    private void run(int requests, Random random) {
        for (int i = 0; i < requests; i++) {
            String id = IDS.get(random.nextInt(IDS.size()));
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> send("create", creation(id, random.nextInt(8) == 0 ? "c" : "*"));
                case 3, 4 -> send("pause", about(id));
                case 5, 6 -> send("resume", about(id));
                case 7 -> send("delete", about(id));
                case 8 -> send("position", about(id));
                default -> send("get", about(id));
            }
        }
    }

    private ObjectNode about(String id) {
        return json.createObjectNode().put("task_id", id);
    }

    private ObjectNode creation(String id, String collection) {
        ObjectNode data = about(id);
        data.putObject("milvus_connect_param").put("uri", target).put("connect_timeout", 10);
        data.putArray("collection_infos").addObject().put("name", collection);
        return data;
    }

    private void send(String type, ObjectNode data) {
        long sent = System.nanoTime();
        JsonNode answer = cdc.send(type, data);
        long answered = System.nanoTime();
        int code = answer.path("code").asInt();
        synchronized (answers) {
            answers.merge(type + " " + code, 1, Integer::sum);
        }
        if (code == 200) {
            if (!Set.of("get", "position").contains(type)) {
                accepted.add(new Accepted(data.path("task_id").asText(), type, sent, answered));
            }
        } else if (code != 400
                || REFUSALS.stream().noneMatch(known -> known.matcher(answer.toString()).find())) {
            undocumented.add(type + " " + data.path("task_id").asText() + ": " + answer);
        }
    }

    /** Answers that no document tells of. */
    List<String> undocumented() {
        return List.copyOf(undocumented);
    }

    /** How often each request was answered with each code. */
    String answers() {
        synchronized (answers) {
            return answers.toString();
        }
    }

    /**
     * By task, the states that it may be left in: those of the changes that were accepted and that
     * no other one came after.
     */
    Map<String, Set<String>> possibleStates() {
        Map<String, Set<String>> states = new TreeMap<>();
        for (String id : IDS) {
            Set<String> possible = new TreeSet<>();
            for (Accepted change : accepted) {
                if (change.id().equals(id)
                        && accepted.stream()
                                .noneMatch(
                                        later ->
                                                later.id().equals(id)
                                                        && later.sent() > change.answered())) {
                    possible.addAll(change.leads());
                }
            }
            states.put(id, possible.isEmpty() ? Set.of(ABSENT) : possible);
        }
        return states;
    }

    /** The state that each task is in now. */
    Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        IDS.forEach(id -> states.put(id, ABSENT));
        JsonNode tasks = cdc.send("list", json.createObjectNode()).path("data").path("tasks");
        tasks.forEach(
                task -> states.put(task.path("task_id").asText(), task.path("state").asText()));
        return states;
    }
}

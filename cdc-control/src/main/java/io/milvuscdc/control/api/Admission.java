// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which task may be made or run beside the others. A target has one task, running or
 * paused: a tick of one task passes what another has still to send, which then comes behind the
 * tick, and a target that restarts leaves that out. Where two share a target all the same, as may
 * be after a takeover, only one of them can go on. Decisions are taken one at a time. Safe for use
 * by several threads.
 */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final TaskStore store;
    private final int maxTaskNum;
    private final SavepointFinder savepoints;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    Admission(TaskStore store, int maxTaskNum, SavepointFinder savepoints) {
        this.store = store;
        this.maxTaskNum = maxTaskNum;
        this.savepoints = savepoints;
    }

    /**
     * Looks whether the task may be made, in the old tool's order and words.
     *
     * @return the task when it's there already
     * @throws ApiException it may not be made
     */
    Optional<Task> check(CreateRequest request) throws ApiException {
        List<Task> tasks = list();
        Optional<Task> known = known(request, tasks);
        if (known.isPresent()) {
            return known;
        }
        TaskDefinition wanted = request.definition();
        List<Task> neighbours =
                tasks.stream()
                        .filter(task -> task.desired() != DesiredState.DELETED)
                        .filter(task -> task.definition().hasTargetOf(wanted))
                        .toList();
        for (Task neighbour : neighbours) {
            refuseIf(
                    wanted.enableUserRole() && neighbour.definition().enableUserRole(),
                    "the enable user role param is duplicate: " + neighbour.id() + " has it");
        }
        for (Task neighbour : neighbours) {
            refuseShared(wanted, neighbour);
        }
        NameMappingValidation.check(wanted);
        if (!neighbours.isEmpty()) {
            throw ApiException.client(
                    inTheWay(neighbours.get(0))
                            + ", and a target has one task, running or paused: let one task select"
                            + " all that you want there, or delete that one first (the request"
                            + " position says where a new one can go on)");
        }
        if (tasks.size() >= maxTaskNum) {
            throw ApiException.server("the task num has reach the limit, " + maxTaskNum);
        }
        return Optional.empty();
    }

    private List<Task> list() throws ApiException {
        try {
            return store.list();
        } catch (StoreException e) {
            throw ApiException.server("fail to get task list to check num: " + e.getMessage());
        }
    }

    private static Optional<Task> known(CreateRequest request, List<Task> tasks)
            throws ApiException {
        Optional<Task> known =
                tasks.stream().filter(task -> task.id().equals(request.taskId())).findAny();
        if (known.isPresent()) {
            refuseIf(
                    known.get().desired() == DesiredState.DELETED,
                    "task " + request.taskId() + " is being deleted, try again in a moment");
            refuseIf(
                    !known.get().definition().equals(request.definition()),
                    "there is a task with the id "
                            + request.taskId()
                            + " already, and it's another one: choose another id, or delete that"
                            + " task first");
        }
        return known;
    }

    private static void refuseShared(TaskDefinition wanted, Task neighbour) throws ApiException {
        List<CollectionPattern> shared =
                Patterns.shared(wanted.selection(), neighbour.definition().selection());
        refuseIf(
                !shared.isEmpty(),
                "the collection name is duplicate with existing task, "
                        + shared.stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(" ", "[", "]"))
                        + ": task "
                        + neighbour.id()
                        + " replicates into "
                        + neighbour.definition()
                        + " already");
    }

    private static String inTheWay(Task neighbour) {
        return "task "
                + neighbour.id()
                + (neighbour.desired() == DesiredState.RUNNING
                        ? " runs into "
                        : " is paused and goes into ")
                + neighbour.definition();
    }

    /** A task that has never run has sent no tick. */
    private static void refuseToResumeBeside(Task neighbour) throws ApiException {
        refuseIf(
                neighbour.desired() == DesiredState.RUNNING,
                inTheWay(neighbour)
                        + ", and only one of the two can go on: delete the one that you don't want"
                        + " there");
        refuseIf(
                neighbour.run().isPresent(),
                "task "
                        + neighbour.id()
                        + " has run into "
                        + neighbour.definition()
                        + ", and only one of the two can go on: what this one has still to send"
                        + " would come behind the ticks of that one, and the target may lose it."
                        + " Delete the one that you don't want there");
    }

    /**
     * Makes the task, unless it's there already.
     *
     * @param request has an id
     * @return the stored one
     */
    Task add(CreateRequest request, StartPoint start) throws ApiException, InterruptedException {
        oneAtATime.lockInterruptibly();
        try {
            Optional<Task> known = check(request);
            if (known.isPresent()) {
                return known.get();
            }
            Task task = Task.created(request.taskId(), request.definition(), start);
            store.create(task);
            LOG.info("Task {}: created, into {}", task.id(), task.definition());
            return task;
        } catch (StoreException e) {
            throw ApiException.server("fail to put the task info to etcd: " + e.getMessage());
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Wants a paused task to run. */
    void resume(ResumeRequest request) throws ApiException, StoreException, InterruptedException {
        oneAtATime.lockInterruptibly();
        try {
            Task task = request.task().require(store);
            refuseIf(
                    task.desired() == DesiredState.RUNNING,
                    "the task has running, task_id: " + task.id());
            Optional<JobRun> ranElsewhere;
            try {
                refuseIf(!task.definition().kafka().isAbsent(), TaskDefinition.KAFKA_UNSUPPORTED);
                for (Task other : store.list()) {
                    if (!other.id().equals(task.id())
                            && other.desired() != DesiredState.DELETED
                            && other.definition().hasTargetOf(task.definition())) {
                        refuseToResumeBeside(other);
                    }
                }
                ranElsewhere = ranElsewhere(task, request.savepoint());
            } catch (ApiException e) {
                throw ApiException.client(
                        "fail to start the task, task_id: " + task.id() + ": " + e.getMessage());
            }
            store.update(
                    task.id(),
                    now ->
                            now.desired() == DesiredState.PAUSED
                                    ? ranElsewhere
                                            .map(now::with)
                                            .orElse(now)
                                            .wanted(DesiredState.RUNNING, "")
                                    : now);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** What takes the place of the task's newest job when it's to go on from another one's. */
    private Optional<JobRun> ranElsewhere(Task task, String savepoint) throws ApiException {
        if (savepoint.isEmpty()) {
            return Optional.empty();
        }
        refuseIf(
                task.run().isPresent() && !task.run().get().over(),
                "its own job may not have ended yet; try again in a moment");
        try {
            return Optional.of(
                    JobRun.elsewhere(
                            UUID.randomUUID().toString().replace("-", ""),
                            savepoints.find(task, savepoint).toString()));
        } catch (IOException e) {
            throw ApiException.client(e.getMessage());
        }
    }
}

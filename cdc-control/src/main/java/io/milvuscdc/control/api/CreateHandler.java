// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.reconcile.TaskSpecs;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a task: checks the request and the target, finds out where to start, and stores it. */
final class CreateHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(CreateHandler.class);

    private final TaskStore store;
    private final CreateValidation validation;
    private final int maxTaskNum;
    private final TargetProbe probe;
    private final StartOffsets starts;
    private final Reconciliation reconciliation;
    // one at a time: two requests for the same target must not both find it free
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /** The answer. */
    record Created(@JsonProperty("task_id") String taskId) {}

    CreateHandler(
            TaskStore store,
            ControlConfig config,
            TargetProbe probe,
            StartOffsets starts,
            Reconciliation reconciliation) {
        this.store = store;
        this.validation =
                new CreateValidation(
                        config.maxNameLength(), config.source().channels().replicateChannel());
        this.maxTaskNum = config.maxTaskNum();
        this.probe = probe;
        this.starts = starts;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException, InterruptedException {
        CreateRequest request = CreateRequest.of(fields);
        validation.check(request);
        oneAtATime.lockInterruptibly();
        try {
            return create(request);
        } finally {
            oneAtATime.unlock();
        }
    }

    private Created create(CreateRequest request) throws ApiException, StoreException {
        try {
            probe.check(TaskSpecs.target(request.milvus()));
        } catch (ProbeException e) {
            throw ApiException.server("fail to connect the milvus: " + e.getMessage());
        }
        List<Task> tasks = store.list();
        refuseSecondTaskOf(request.milvus().address(), tasks);
        if (tasks.size() >= maxTaskNum) {
            throw ApiException.server("the task num has reach the limit, " + maxTaskNum);
        }
        boolean fromStart =
                request.collections().stream().anyMatch(CollectionInfo::useStartPosition);
        Task task =
                Task.created(
                        UUID.randomUUID().toString().replace("-", ""),
                        request.milvus(),
                        request.collections(),
                        startOffsets(fromStart));
        store.create(task);
        LOG.info(
                "Task {}: created, into {}, {}",
                task.id(),
                task.target().address(),
                fromStart ? "from the start of the collections" : "from now on");
        reconciliation.wake();
        return new Created(task.id());
    }

    /** Only one running job may send time ticks to a target. */
    private static void refuseSecondTaskOf(String address, List<Task> tasks) throws ApiException {
        for (Task task : tasks) {
            if (!task.target().address().equals(address)) {
                continue;
            }
            throw ApiException.client(
                    task.desired() == DesiredState.DELETED
                            ? "task "
                                    + task.id()
                                    + " into "
                                    + address
                                    + " is being deleted, try again in a moment"
                            : "the collection name is duplicate with existing task, [*.*]: task "
                                    + task.id()
                                    + " replicates into "
                                    + address
                                    + " already, and a target can have one task only");
        }
    }

    private Map<String, Long> startOffsets(boolean fromStart) throws ApiException {
        try {
            return starts.resolve(fromStart);
        } catch (IOException e) {
            throw ApiException.server("fail to find where to start reading: " + e.getMessage());
        }
    }
}

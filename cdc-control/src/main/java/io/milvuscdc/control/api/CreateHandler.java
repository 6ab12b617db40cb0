// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.reconcile.TaskSpecs;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes a task: checks the request and the target, finds out where to start, and stores it. */
final class CreateHandler implements RequestHandler {

    /** The old tool's words. */
    private static final String TARGET = "fail to connect the milvus: ";

    private static final String SOURCE = "fail to find where to start reading: ";

    private final CreateValidation validation;
    private final Preflight preflight;
    private final Admission admission;
    private final Creations creations;
    private final StartRequests startRequests;
    private final StartFinder starts;
    private final Reconciliation reconciliation;

    /** The answer. */
    record Created(@JsonProperty("task_id") String taskId) {}

    CreateHandler(
            Admission admission,
            Creations creations,
            ControlConfig config,
            Preflight preflight,
            StartFinder starts,
            Reconciliation reconciliation) {
        SourceChannels channels = config.source().channels();
        this.validation = new CreateValidation(config.maxNameLength(), channels.replicateChannel());
        this.preflight = preflight;
        this.admission = admission;
        this.creations = creations;
        this.startRequests = new StartRequests(channels.queue().messageIds());
        this.starts = starts;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, InterruptedException {
        CreateRequest request = CreateRequest.of(fields);
        validation.check(request);
        look(request.definition());
        Optional<Task> known = admission.check(request);
        if (known.isPresent()) {
            return new Created(known.get().id());
        }
        String id =
                request.taskId().isEmpty()
                        ? UUID.randomUUID().toString().replace("-", "")
                        : request.taskId();
        Task task = create(new CreateRequest(id, request.definition()));
        reconciliation.wake();
        return new Created(task.id());
    }

    private Task create(CreateRequest request) throws ApiException, InterruptedException {
        StartRequest start = startRequests.of(request.definition());
        String id = request.taskId();
        try {
            return creations.run(id, () -> admission.add(request, starts.resolve(id, start)));
        } catch (IOException e) {
            throw ApiException.server(SOURCE + e.getMessage());
        }
    }

    /** Refuses in the words of the first thing that's in the way. */
    private void look(TaskDefinition wanted) throws ApiException {
        List<Finding> findings;
        try {
            findings = preflight.obstacles(TaskSpecs.target(wanted.milvus()), wanted.scope());
        } catch (FatalTargetException e) {
            throw ApiException.server(TARGET + e.getMessage());
        }
        for (Finding finding : findings) {
            if (!finding.ok()) {
                boolean ofTarget = finding.check().startsWith("target");
                throw ApiException.server((ofTarget ? TARGET : SOURCE) + finding.detail());
            }
        }
    }
}

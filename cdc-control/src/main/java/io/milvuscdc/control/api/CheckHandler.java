// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.reconcile.TaskSpecs;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether a create request would make a task that can run, with all that's in its way at
 * once. Makes nothing.
 */
final class CheckHandler implements RequestHandler {

    private static final String REQUEST = "request";
    private static final String TASK = "task";
    private static final String TARGET = "target";

    private final CreateValidation validation;
    private final Admission admission;
    private final Preflight preflight;

    /**
     * The answer.
     *
     * @param ok whether all are
     */
    record Checked(boolean ok, List<Finding> checks) {
        static Checked of(List<Finding> checks) {
            return new Checked(checks.stream().allMatch(Finding::ok), checks);
        }
    }

    CheckHandler(Admission admission, ControlConfig config, Preflight preflight) {
        this.validation =
                new CreateValidation(
                        config.maxNameLength(), config.source().channels().replicateChannel());
        this.admission = admission;
        this.preflight = preflight;
    }

    @Override
    public Object handle(Fields fields) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        CreateRequest request;
        try {
            request = CreateRequest.of(fields);
            validation.check(request);
        } catch (ApiException e) {
            return Checked.of(
                    List.of(Finding.broken(REQUEST, e.getMessage(), "correct the request_data")));
        }
        findings.add(Finding.well(REQUEST, "create would take it"));
        findings.add(task(request));
        findings.addAll(servers(request.definition()));
        return Checked.of(findings);
    }

    private Finding task(CreateRequest request) {
        try {
            Optional<Task> known = admission.check(request);
            return known.isPresent()
                    ? Finding.well(TASK, "there already, as " + known.get().id())
                    : Finding.well(TASK, "no other task is in its way");
        } catch (ApiException e) {
            return Finding.broken(
                    TASK, e.getMessage(), "see the request list; pause and delete end a task");
        }
    }

    private List<Finding> servers(TaskDefinition wanted) throws InterruptedException {
        try {
            TargetConfig target = TaskSpecs.target(wanted.milvus());
            List<Finding> findings = new ArrayList<>(preflight.obstacles(target, wanted.scope()));
            findings.addAll(preflight.advice(target));
            return findings;
        } catch (FatalTargetException e) {
            return List.of(
                    Finding.broken(
                            TARGET,
                            e.getMessage(),
                            "correct milvus_connect_param.dial_config and the files that it"
                                    + " names"));
        }
    }
}

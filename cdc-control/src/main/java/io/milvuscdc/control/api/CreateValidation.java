// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.control.task.TaskDefinition;
import java.util.regex.Pattern;

/**
 * What's checked of a create request before the target is asked, in the old tool's order and words;
 * the first rule that's broken is told.
 */
final class CreateValidation {

    private static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final SelectionValidation selection;
    private final String replicateChannel;

    /**
     * Makes a check.
     *
     * @param maxNameLength in bytes
     * @param replicateChannel the source's operations channel
     */
    CreateValidation(int maxNameLength, String replicateChannel) {
        this.selection = new SelectionValidation(maxNameLength);
        this.replicateChannel = replicateChannel;
    }

    void check(CreateRequest request) throws ApiException {
        TaskDefinition wanted = request.definition();
        TargetValidation.check(wanted);
        selection.check(wanted);
        String rpcName = wanted.rpcChannel().name();
        refuseIf(
                !rpcName.isEmpty() && !rpcName.equals(replicateChannel),
                "the rpc channel is invalid, the channel name should be the same as the source"
                        + " config");
        refuseIf(
                !request.taskId().isEmpty() && !TASK_ID.matcher(request.taskId()).matches(),
                "the task id is invalid, '"
                        + request.taskId()
                        + "': it has up to 64 letters, digits, '_' and '-', and begins with a"
                        + " letter or digit");
        refuseIf(!wanted.kafka().isAbsent(), TaskDefinition.KAFKA_UNSUPPORTED);
        TargetValidation.checkAddress(wanted.milvus());
    }
}

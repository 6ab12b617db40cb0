// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/**
 * A request to resume a task.
 *
 * @param savepoint of the job by hand that has run meanwhile; empty to go on from the task's own
 */
record ResumeRequest(TaskIdRequest task, String savepoint) {

    static ResumeRequest of(Fields fields) throws ApiException {
        String savepoint = fields.text("savepoint");
        return new ResumeRequest(TaskIdRequest.of(fields, "resume"), savepoint);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resumes a task; answers before its job runs. */
final class ResumeHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ResumeHandler.class);

    private final Admission admission;
    private final Reconciliation reconciliation;

    ResumeHandler(Admission admission, Reconciliation reconciliation) {
        this.admission = admission;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException, InterruptedException {
        ResumeRequest request = ResumeRequest.of(fields);
        admission.resume(request);
        LOG.info(
                "Task {}: resumed by request{}",
                request.task().taskId(),
                request.savepoint().isEmpty() ? "" : " from " + request.savepoint());
        reconciliation.wake();
        return null;
    }
}

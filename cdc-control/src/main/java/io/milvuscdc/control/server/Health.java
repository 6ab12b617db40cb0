// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.store.TaskStore;
import java.util.ArrayList;
import java.util.List;

/** Whether requests can be served and tasks can run. Its words are for everybody: no details. */
final class Health {

    private final TaskStore store;
    private final JobCluster flink;

    Health(TaskStore store, JobCluster flink) {
        this.store = store;
        this.flink = flink;
    }

    /** What is wrong now; empty when nothing is. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!store.isReachable()) {
            faults.add("the task store doesn't answer; see the server's log");
        }
        if (!flink.isRunning()) {
            faults.add("Flink has stopped, is away or has no task manager; see the server's log");
        }
        return faults;
    }
}

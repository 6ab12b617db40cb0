// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.ServerProcess;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Faults of the session cluster that runs the jobs. */
final class SessionFaults {

    private SessionFaults() {}

    static List<Fault> kills() {
        return List.of(
                Fault.blow("kill -9 of the TaskManager", r -> r.flink().killTaskManager()),
                Fault.blow(
                        "kill -9 of the JobManager",
                        r -> {
                            r.flink().killJobManager();
                            r.flink().startJobManager();
                        }),
                Fault.blow(
                        "kill -9 of the whole session cluster",
                        r -> {
                            r.flink().killJobManager();
                            r.flink().killTaskManager();
                            r.flink().startJobManager();
                        }));
    }

    static Map<String, Function<FaultedReplication, ServerProcess>> processes() {
        return Map.of(
                "the TaskManager", r -> r.flink().taskManager(),
                "the JobManager", r -> r.flink().jobManager());
    }
}

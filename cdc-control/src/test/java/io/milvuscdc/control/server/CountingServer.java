// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.connectors.source.StartPoint;
import java.nio.file.Path;
import java.util.List;

/** The control plane's process with {@link CountingJob} as its job, for tests that kill it. */
final class CountingServer {

    private CountingServer() {}

    public static void main(String[] args) {
        System.exit(
                Main.run(
                        Path.of(args[0]),
                        config ->
                                new ControlPlane.Seams(
                                        CountingJob::define,
                                        (target, scope) -> List.of(),
                                        (taskId, request) -> StartPoint.BEGINNING,
                                        (taskId, request) -> StartPoint.BEGINNING,
                                        taskId -> {},
                                        () -> {})));
    }
}

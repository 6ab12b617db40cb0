// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts a process, prints its pid and dies without running any hook, as a killed JVM does. */
final class HaltingJvm {

    private HaltingJvm() {}

    public static void main(String[] args) {
        ServerProcess process =
                new ServerProcess("sleeper", Path.of(args[0]), List.of("sleep", "600"), Map.of());
        process.start();
        System.out.println(process.pid());
        System.out.flush();
        Runtime.getRuntime().halt(1);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * What of Flink's config.yaml a job takes along to a cluster with a configuration of its own:
 * state, checkpoints, restarts and parallelism. Exactly-once rests on them, and none of them is a
 * secret.
 */
final class JobSettings {

    private static final List<String> OF_JOBS =
            List.of("state.", "execution.", "restart-strategy.", "pipeline.", "parallelism.");

    private JobSettings() {}

    /** By key, from the config.yaml in the directory. */
    static Map<String, String> of(Path configDirectory) {
        Map<String, String> settings = new TreeMap<>();
        GlobalConfiguration.loadConfiguration(configDirectory.toString())
                .toMap()
                .forEach(
                        (key, value) -> {
                            if (OF_JOBS.stream().anyMatch(key::startsWith)) {
                                settings.put(key, value);
                            }
                        });
        return settings;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The Flink that runs the jobs: the one inside the control plane, or a session cluster.
 *
 * @param configDirectory holds Flink's config.yaml
 * @param dataDirectory checkpoints, savepoints and temporary files
 * @param web where the web UI of the Flink inside listens
 * @param jobJar what a Flink cluster runs; needn't be there without a session cluster
 * @param session empty for the Flink inside
 */
public record FlinkSettings(
        Path configDirectory,
        Path dataDirectory,
        ListenAddress web,
        Path jobJar,
        Optional<SessionSettings> session) {

    /** The Flink inside the control plane. */
    public static FlinkSettings embedded(
            Path configDirectory, Path dataDirectory, ListenAddress web, Path jobJar) {
        return new FlinkSettings(configDirectory, dataDirectory, web, jobJar, Optional.empty());
    }
}

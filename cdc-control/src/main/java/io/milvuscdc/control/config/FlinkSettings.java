// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import java.nio.file.Path;

/**
 * The Flink inside the control plane.
 *
 * @param configDirectory holds Flink's config.yaml
 * @param dataDirectory checkpoints, savepoints and temporary files
 * @param web where Flink's web UI listens
 */
public record FlinkSettings(Path configDirectory, Path dataDirectory, ListenAddress web) {}

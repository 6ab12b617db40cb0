// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.nio.file.Path;

/**
 * A complete checkpoint or savepoint.
 *
 * @param checkpointId grows over all jobs of a task, as each goes on counting where the one before
 *     it ended; the highest is the newest
 */
public record RestorePoint(Path directory, long checkpointId) {}

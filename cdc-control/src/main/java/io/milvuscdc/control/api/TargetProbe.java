// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.target.TargetConfig;

/** Finds out, before a task is made, whether a target can be replicated into. Blocks. */
@FunctionalInterface
public interface TargetProbe {

    /**
     * Checks.
     *
     * @param scope what the task would replicate
     */
    void check(TargetConfig target, ReplicationScope scope) throws ProbeException;
}

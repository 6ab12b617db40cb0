// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.target.TargetConfig;
import java.util.List;

/**
 * Looks, before a task is made, at the servers that it would connect, without changing anything. A
 * failure is a finding. Blocks for seconds.
 */
@FunctionalInterface
public interface Preflight {

    /**
     * What may be in the way of a task, the target first.
     *
     * @param scope what the task would replicate
     */
    List<Finding> obstacles(TargetConfig target, ReplicationScope scope);

    /** What nobody would refuse a task for, but should know. */
    default List<Finding> advice(TargetConfig target) throws InterruptedException {
        return List.of();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;

/** Complete checkpoints, as Flink writes them. */
final class Checkpoints {

    private Checkpoints() {}

    /** One that holds a single operator. */
    static CheckpointMetadata of(long id, OperatorSubtaskState state) {
        OperatorState operator = new OperatorState(new OperatorID(), 1, 1);
        operator.putState(0, state);
        return new CheckpointMetadata(id, List.of(operator), List.of());
    }
}

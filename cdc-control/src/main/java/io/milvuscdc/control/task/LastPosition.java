// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import io.milvuscdc.connectors.sink.CommittedPositions;

/**
 * How far a task had committed when its checkpoints were last looked at. It's kept with the task,
 * so that it's still known where to begin again when they are lost.
 *
 * @param takenMillis when that was, in milliseconds since 1970
 */
public record LastPosition(long takenMillis, CommittedPositions.Summary committed) {

    /** Whether it says more than an earlier one; what was committed stays so. */
    public boolean isNewsTo(LastPosition earlier) {
        return committed.tick() >= earlier.committed.tick() && !committed.equals(earlier.committed);
    }
}

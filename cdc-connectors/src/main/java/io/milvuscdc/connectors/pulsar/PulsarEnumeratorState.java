// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.StartPoint;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a checkpoint holds of the enumerator.
 *
 * @param assigned the channels that readers have; they know how far
 * @param starts by channel, the first position that belongs to the task, as it was fixed at the
 *     job's very first start: a job by {@code flink run} plans anew at every start, and today's end
 *     of a channel that it hasn't read yet isn't where it begins there. A channel that isn't in it
 *     appeared later and is read from its beginning. Empty in a checkpoint from before they were
 *     kept
 */
record PulsarEnumeratorState(Set<String> assigned, Optional<Map<String, MqPosition>> starts) {

    PulsarEnumeratorState {
        assigned = new TreeSet<>(assigned);
        starts = starts.map(TreeMap::new);
    }

    /**
     * Where channels begin that no reader has yet. A checkpoint without {@link #starts} had
     * assigned all channels of the first start together, or none yet.
     *
     * @param planned the start point of the job that is restored
     */
    Map<String, MqPosition> startsOr(StartPoint planned) {
        return starts.orElseGet(() -> assigned.isEmpty() ? planned.channels() : Map.of());
    }
}

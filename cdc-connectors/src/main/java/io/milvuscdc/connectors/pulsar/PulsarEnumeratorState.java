// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import java.util.Map;
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
 *     appeared later and is read from its beginning
 */
record PulsarEnumeratorState(Set<String> assigned, Map<String, MqPosition> starts) {

    PulsarEnumeratorState {
        assigned = new TreeSet<>(assigned);
        starts = new TreeMap<>(starts);
    }
}

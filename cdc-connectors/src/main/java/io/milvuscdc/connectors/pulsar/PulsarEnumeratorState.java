// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a checkpoint holds of the enumerator.
 *
 * @param assigned the channels that readers have; they know how far
 */
record PulsarEnumeratorState(Set<String> assigned) {

    PulsarEnumeratorState {
        assigned = new TreeSet<>(assigned);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far the Go tool had come with one collection, as it stored it.
 *
 * @param collectionId the source's collection, or one of the constants here
 * @param positions base64 of the message queue's message id, by source pchannel
 * @param times what the Go tool believed the time of each position to be, in ms. It may be wrong by
 *     far, also ahead; only a change of it means something
 * @param dropped the collection is gone and all of it was handled
 */
public record GoCheckpoint(
        long collectionId,
        Map<String, String> positions,
        Map<String, Long> times,
        boolean dropped) {

    /** The "collection" whose position is the one in the replicate channel. */
    public static final long OPERATIONS = -10;

    /** What the Go tool keeps when a task was made without positions. */
    public static final long PLACEHOLDER = -1;

    public GoCheckpoint {
        positions = new TreeMap<>(positions);
        times = new TreeMap<>(times);
    }
}

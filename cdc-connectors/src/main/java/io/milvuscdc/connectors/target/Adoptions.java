// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which collections of the target were taken over for which source collections. Such a copy has a
 * create timestamp of its own, by which it's found from then on, also when the source renames or
 * drops its collection. Thread-safe.
 */
public final class Adoptions {

    private final Map<Long, Long> copies = new ConcurrentHashMap<>();

    /** Notes the copy of a source collection; one that was made as its copy needs no note. */
    void note(long sourceCreateTs, long copyCreateTs) {
        if (sourceCreateTs != copyCreateTs) {
            copies.put(sourceCreateTs, copyCreateTs);
        }
    }

    /** The create timestamp of a source collection's copy. */
    long copyOf(long sourceCreateTs) {
        return copies.getOrDefault(sourceCreateTs, sourceCreateTs);
    }

    boolean has(long copyCreateTs) {
        return copies.containsValue(copyCreateTs);
    }
}

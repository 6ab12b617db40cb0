// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What has arrived at a target since it started.
 *
 * @param requests calls of {@code ReplicateMessage}
 * @param inserts insert messages in them
 * @param insertBytes of these
 * @param ticks time tick messages in them
 */
record TargetCounts(long requests, long inserts, long insertBytes, long ticks) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static TargetCounts parse(String json) {
        try {
            return JSON.readValue(json, TargetCounts.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("these are no counts of a target: " + json, e);
        }
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers can be written as JSON", e);
        }
    }

    TargetCounts plus(TargetCounts other) {
        return new TargetCounts(
                requests + other.requests,
                inserts + other.inserts,
                insertBytes + other.insertBytes,
                ticks + other.ticks);
    }

    TargetCounts minus(TargetCounts other) {
        return new TargetCounts(
                requests - other.requests,
                inserts - other.inserts,
                insertBytes - other.insertBytes,
                ticks - other.ticks);
    }
}

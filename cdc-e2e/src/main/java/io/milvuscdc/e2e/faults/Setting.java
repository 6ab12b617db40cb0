// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.SourceQueue;

/**
 * What a replication under faults is made of.
 *
 * @param queue of the source
 * @param session whether its jobs run in a Flink session cluster, not in the control plane
 */
public record Setting(SourceQueue queue, boolean session) {

    /**
     * By names.
     *
     * @param queue {@code kafka} or {@code pulsar}
     * @param flink {@code embedded} or {@code session}
     * @throws IllegalArgumentException for another name
     */
    public static Setting of(String queue, String flink) {
        SourceQueue named = SourceQueue.named(queue);
        return new Setting(
                named.pulsar().isPresent() ? SourceQueue.KEEPING_PULSAR : named,
                switch (flink) {
                    case "embedded" -> false;
                    case "session" -> true;
                    default ->
                            throw new IllegalArgumentException(
                                    "Flink must be embedded or session, not '" + flink + "'");
                });
    }

    /** Whether the source has a queue of its own, beside the target's Kafka. */
    boolean hasPulsar() {
        return queue.pulsar().isPresent();
    }

    @Override
    public String toString() {
        return "source on %s, Flink %s".formatted(queue, session ? "session cluster" : "embedded");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.util.Optional;

/**
 * Which message queue the source of a {@link MilvusPair} writes to.
 *
 * @param pulsar a Pulsar of its own; without, the source shares the target's Kafka
 */
public record SourceQueue(Optional<PulsarServer.Options> pulsar) {

    public static final SourceQueue KAFKA = new SourceQueue(Optional.empty());

    /** A Pulsar that, by its defaults, keeps nothing that no subscription needs. */
    public static final SourceQueue PULSAR = of(PulsarServer.Options.usual());

    /** A Pulsar that comes back from a kill, and keeps what a check reads in the end. */
    public static final SourceQueue KEEPING_PULSAR =
            of(
                    PulsarServer.Options.of(PulsarServer.Options.NEW)
                            .with("defaultRetentionTimeInMinutes", -1)
                            .with("defaultRetentionSizeInMB", -1)
                            .withWire());

    /** A Pulsar with settings of its own. */
    public static SourceQueue of(PulsarServer.Options pulsar) {
        return new SourceQueue(Optional.of(pulsar));
    }

    /**
     * {@code kafka} or {@code pulsar}.
     *
     * @throws IllegalArgumentException for another name
     */
    public static SourceQueue named(String name) {
        return switch (name) {
            case "kafka" -> KAFKA;
            case "pulsar" -> PULSAR;
            default ->
                    throw new IllegalArgumentException(
                            "the message queue must be kafka or pulsar, not '" + name + "'");
        };
    }

    @Override
    public String toString() {
        return pulsar.isPresent() ? "pulsar" : "kafka";
    }
}

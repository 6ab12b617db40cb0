// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.util.EnumSet;
import java.util.Set;

/** A server of a replication under faults. */
enum Server {
    ETCD("etcd"),
    /** The target's, and the source's unless that has a Pulsar. */
    KAFKA("Kafka"),
    PULSAR("Pulsar"),
    SOURCE("the source Milvus"),
    TARGET("the target Milvus"),
    CONTROL_PLANE("the control plane");

    private final String words;

    Server(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean isMilvus() {
        return this == SOURCE || this == TARGET;
    }

    /**
     * It, and those that end themselves, or never get ready again, when it's away for long: a
     * Milvus loses its session in etcd, a control plane its task store there.
     */
    Set<Server> andWhatNeedsIt(Setting setting) {
        return switch (this) {
            case ETCD -> EnumSet.of(ETCD, SOURCE, TARGET, CONTROL_PLANE);
            case KAFKA ->
                    setting.hasPulsar()
                            ? EnumSet.of(KAFKA, TARGET)
                            : EnumSet.of(KAFKA, SOURCE, TARGET);
            case PULSAR -> EnumSet.of(PULSAR, SOURCE);
            case SOURCE, TARGET, CONTROL_PLANE -> EnumSet.of(this);
        };
    }
}

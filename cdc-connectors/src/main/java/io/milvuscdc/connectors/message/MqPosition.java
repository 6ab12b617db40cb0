// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import java.util.Comparator;

/**
 * Where a message stands in its channel. Positions of one channel are totally ordered; positions of
 * two channels must not be compared.
 *
 * @param ledger Pulsar's ledger id, 0 on Kafka
 * @param entry Pulsar's entry id, or Kafka's offset
 */
public record MqPosition(long ledger, long entry) implements Comparable<MqPosition> {

    private static final Comparator<MqPosition> ORDER =
            Comparator.comparingLong(MqPosition::ledger).thenComparingLong(MqPosition::entry);

    public static MqPosition ofKafkaOffset(long offset) {
        return new MqPosition(0, offset);
    }

    /** This position in words, for messages to people. */
    String describe() {
        return ledger == 0 ? "offset " + entry : "message id " + ledger + ":" + entry;
    }

    @Override
    public int compareTo(MqPosition other) {
        return ORDER.compare(this, other);
    }
}

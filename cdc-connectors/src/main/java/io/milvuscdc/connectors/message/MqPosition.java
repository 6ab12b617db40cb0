// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import java.io.Serializable;
import java.util.Comparator;

/**
 * Where a message stands in its channel. Positions of one channel are totally ordered; positions of
 * two channels must not be compared. The position after a message is the one with the next entry,
 * on Pulsar too, where the next message may be in another ledger: it lies after the message and
 * before whatever comes, which is all that anybody compares it with.
 *
 * @param ledger Pulsar's ledger id, 0 on Kafka
 * @param entry Pulsar's entry id, or Kafka's offset
 */
public record MqPosition(long ledger, long entry) implements Comparable<MqPosition>, Serializable {

    private static final Comparator<MqPosition> ORDER =
            Comparator.comparingLong(MqPosition::ledger).thenComparingLong(MqPosition::entry);

    public static MqPosition ofKafkaOffset(long offset) {
        return new MqPosition(0, offset);
    }

    /** This position in words, for messages to people. */
    public String describe() {
        return ledger == 0 ? "offset " + entry : "message id " + ledger + ":" + entry;
    }

    @Override
    public int compareTo(MqPosition other) {
        return ORDER.compare(this, other);
    }
}

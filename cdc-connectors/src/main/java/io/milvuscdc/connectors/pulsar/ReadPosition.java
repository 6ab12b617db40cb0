// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import java.util.Optional;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.impl.MessageIdImpl;

/**
 * How far a topic has been read: up to some message of an entry. Entries are what the broker stores
 * and removes; Milvus 2.3 to 2.5 writes one message into each, a batching producer several.
 *
 * @param ledger the ledger of the entry
 * @param read how many messages of the entry have been read, from its first on
 */
record ReadPosition(long ledger, long entry, int read) {

    private static final int WHOLE = Integer.MAX_VALUE;

    /**
     * What has been read before a start position: the entry in front of it, which is in the same
     * ledger and so there as long as it is; none of the entry itself where it is a ledger's first.
     *
     * @param start the first position to read; 0:0 stands for the topic's beginning
     */
    static Optional<ReadPosition> before(MqPosition start) {
        if (start.entry() > 0) {
            return Optional.of(new ReadPosition(start.ledger(), start.entry() - 1, WHOLE));
        }
        return start.ledger() == 0
                ? Optional.empty()
                : Optional.of(new ReadPosition(start.ledger(), 0, 0));
    }

    /** Up to and with a message. */
    static ReadPosition after(MessageId message) {
        MessageIdAdv id = (MessageIdAdv) message;
        return new ReadPosition(id.getLedgerId(), id.getEntryId(), index(id) + 1);
    }

    // a single message has index -1, or 0 in a batch of one
    private static int index(MessageIdAdv id) {
        return Math.max(0, id.getBatchIndex());
    }

    /** Whether a message lies behind what has been read. */
    boolean isBefore(MessageId message) {
        MessageIdAdv id = (MessageIdAdv) message;
        if (id.getLedgerId() != ledger) {
            return id.getLedgerId() > ledger;
        }
        return id.getEntryId() == entry ? index(id) >= read : id.getEntryId() > entry;
    }

    /** Whether a message is of this entry. */
    boolean isOfEntry(MessageId message) {
        MessageIdAdv id = (MessageIdAdv) message;
        return id.getLedgerId() == ledger && id.getEntryId() == entry;
    }

    MqPosition position() {
        return new MqPosition(ledger, entry);
    }

    MessageId entryId() {
        return new MessageIdImpl(ledger, entry, -1);
    }

    /**
     * The entry in front of this one; empty where it is in another ledger, whose number isn't
     * known.
     */
    Optional<MessageId> entryBefore() {
        return entry == 0
                ? Optional.empty()
                : Optional.of(new MessageIdImpl(ledger, entry - 1, -1));
    }
}

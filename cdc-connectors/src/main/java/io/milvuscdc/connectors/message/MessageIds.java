// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

/**
 * Message ids for messages that have none ({@code base.msgID} 0), so that a target can recognise
 * one that it is sent again.
 */
final class MessageIds {

    // odd, so that multiplying by it maps no two numbers to one
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private MessageIds() {}

    /**
     * The id of the message at a position: always the same for it, different for all messages of a
     * Kafka channel (and of a Pulsar ledger), and for those of different channels but by a chance
     * of 1 in 2^63. It's negative, which the ids that Milvus allocates never are.
     */
    static long derive(String pchannel, MqPosition position) {
        long origin = 0;
        for (int i = 0; i < pchannel.length(); i++) {
            origin = mix(origin ^ pchannel.charAt(i));
        }
        return Long.MIN_VALUE | mix(origin ^ position.ledger()) + position.entry() * SPREAD;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * SPREAD;
        return mixed ^ mixed >>> 29;
    }
}

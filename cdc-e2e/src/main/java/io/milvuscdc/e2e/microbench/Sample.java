// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.microbench;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.RouteTarget;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.e2e.workload.WireMessages;
import java.util.Locale;

/** Messages of a source's pchannel. Rows have an Int64 key and 128 floats. */
public enum Sample {
    INSERT_100,
    INSERT_1000,
    DELETE_100,
    TICK;

    static final String PCHANNEL = "by-dev-rootcoord-dml_3";
    static final MqPosition POSITION = new MqPosition(0, 4_711);

    /** Where the rows go. */
    static final RouteTarget TARGET =
            new RouteTarget(
                    451_234_567_890_123_456L,
                    451_234_567_890_123_457L,
                    "by-dev-rootcoord-dml_5_451234567890123456v0",
                    "default",
                    "documents",
                    "");

    private static final int DIM = 128;
    private static final int FEW = 100;
    private static final int MANY = 1_000;
    private static final long TS = Tso.of(1_767_225_600_000L, 1);
    private static final WireMessages WIRE =
            new WireMessages(
                    PCHANNEL + "_450123456789012345v0",
                    450_123_456_789_012_345L,
                    "documents",
                    450_123_456_789_012_346L,
                    DIM);

    /** The bytes as the queue has them, made anew. */
    byte[] bytes() {
        return switch (this) {
            case INSERT_100 -> insert(FEW);
            case INSERT_1000 -> insert(MANY);
            case DELETE_100 -> WIRE.delete(TS, TS, 1, FEW);
            case TICK -> WireMessages.tick(TS);
        };
    }

    private static byte[] insert(int rows) {
        return WIRE.insert(TS, TS, WIRE.columns(1, rows), rows);
    }

    ChannelMessage decoded() {
        return MessageDecoder.decode(PCHANNEL, POSITION, bytes());
    }

    /** In words. */
    String inWords() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

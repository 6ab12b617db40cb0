// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
import java.io.Serial;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time for Flink: a message's timestamp is the physical part of its tso in milliseconds, and
 * a time tick T is the watermark {@code physical(T) - 1}, per pchannel. Flink shows it, measures
 * lag with it and aligns the pchannels by it, so that one fast channel can't run away in a
 * catch-up. What the sink commits doesn't depend on it (see {@code TickDecision}): here, and only
 * here, a silent channel may be declared idle by a timeout.
 */
public final class TickWatermarks implements WatermarkStrategy<ChannelMessage> {

    @Serial private static final long serialVersionUID = 1L;

    private TickWatermarks() {}

    /**
     * Watermarks with idleness and alignment.
     *
     * @param idleAfter how long a channel may be silent before it no longer holds the others back;
     *     Milvus ticks every 200 ms
     * @param maxDrift how far one pchannel may be ahead of the slowest one
     */
    public static WatermarkStrategy<ChannelMessage> of(Duration idleAfter, Duration maxDrift) {
        return new TickWatermarks()
                .withIdleness(idleAfter)
                .withWatermarkAlignment("pchannels", maxDrift, Duration.ofMillis(200));
    }

    @Override
    public TimestampAssigner<ChannelMessage> createTimestampAssigner(
            TimestampAssignerSupplier.Context context) {
        return (message, previous) -> Tso.physicalMillis(message.timestamp());
    }

    @Override
    public WatermarkGenerator<ChannelMessage> createWatermarkGenerator(
            WatermarkGeneratorSupplier.Context context) {
        return new PerTick();
    }

    private static final class PerTick implements WatermarkGenerator<ChannelMessage> {

        @Override
        public void onEvent(ChannelMessage message, long timestampMillis, WatermarkOutput output) {
            if (message.type() == MsgType.TimeTick_VALUE) {
                output.emitWatermark(new Watermark(timestampMillis - 1));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            // a time tick is the only source of watermarks
        }
    }
}

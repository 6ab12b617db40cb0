// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.SourceReaderContext;

/**
 * Tells the enumerator when the source's time ticks arrive, for {@link CheckpointsInStep}: of the
 * same tick on many pchannels the first, and in a catch-up not each. For the task's thread.
 */
public final class TickReporter {

    private static final long LEAST_NANOS_BETWEEN = TimeUnit.MILLISECONDS.toNanos(100);

    private final Runnable tell;
    private final LongSupplier nanoTime;
    private long newest;
    private long toldNanos;

    TickReporter(Runnable tell, LongSupplier nanoTime) {
        this.tell = tell;
        this.nanoTime = nanoTime;
        this.toldNanos = nanoTime.getAsLong() - LEAST_NANOS_BETWEEN;
    }

    /**
     * Tells the enumerator of a reader's source.
     *
     * @param inStep whether it wants to know
     */
    public static TickReporter of(SourceReaderContext reader, boolean inStep) {
        return new TickReporter(
                inStep ? () -> reader.sendSourceEventToCoordinator(new TickSeen()) : () -> {},
                System::nanoTime);
    }

    /** To be called with every message that is handed on. */
    public void passed(ChannelMessage message) {
        if (message.type() != MsgType.TimeTick_VALUE || message.timestamp() <= newest) {
            return;
        }
        newest = message.timestamp();
        long now = nanoTime.getAsLong();
        if (now - toldNanos >= LEAST_NANOS_BETWEEN) {
            toldNanos = now;
            tell.run();
        }
    }
}

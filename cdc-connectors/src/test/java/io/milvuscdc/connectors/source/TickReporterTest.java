// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TickReporterTest {

    private final AtomicInteger told = new AtomicInteger();
    private long nowMillis = 5_000;
    private final TickReporter reporter =
            new TickReporter(told::incrementAndGet, () -> TimeUnit.MILLISECONDS.toNanos(nowMillis));

    @Test
    void tellsOfTheFirstOfATickOnManyChannels() {
        tick("dml_0", 10);
        tick("dml_1", 10);
        assertThat(told).hasValue(1);

        nowMillis += 200;
        tick("dml_1", 20);
        tick("dml_0", 20);
        assertThat(told).hasValue(2);
    }

    @Test
    void tellsOfFewInACatchUp() {
        for (int i = 1; i <= 50; i++) {
            tick("dml_0", i);
            nowMillis += 10;
        }

        assertThat(told).hasValue(5);
    }

    @Test
    void rowsAreNoTicks() {
        passed("dml_0", MsgType.Insert_VALUE, 10);

        assertThat(told).hasValue(0);
    }

    private void tick(String pchannel, long timestamp) {
        passed(pchannel, MsgType.TimeTick_VALUE, timestamp);
    }

    private void passed(String pchannel, int type, long timestamp) {
        reporter.passed(
                new ChannelMessage(
                        pchannel,
                        new MqPosition(0, 0),
                        type,
                        timestamp,
                        1,
                        0,
                        0,
                        "",
                        "",
                        0,
                        ByteString.EMPTY));
    }
}

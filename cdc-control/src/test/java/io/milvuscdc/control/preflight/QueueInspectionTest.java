// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.control.api.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class QueueInspectionTest {

    private static final SourceChannels CHANNELS =
            new SourceChannels(
                    "broker:9092", "by-dev-rootcoord-dml", "by-dev-replicate-msg", Map.of());

    private final Map<String, MqPosition> ends = new TreeMap<>();
    private Optional<Duration> retention = Optional.empty();
    private OptionalLong tick = OptionalLong.empty();
    private final QueueInspection inspection =
            new QueueInspection(
                    CHANNELS,
                    new ChannelEnds() {
                        @Override
                        public Map<String, MqPosition> ends() {
                            return ends;
                        }

                        @Override
                        public Map<String, MqPosition> begins() {
                            throw new AssertionError("nobody asks for that");
                        }

                        @Override
                        public OptionalLong tickFrom(String pchannel, MqPosition from) {
                            return tick;
                        }

                        @Override
                        public Optional<Duration> retention() {
                            return retention;
                        }

                        @Override
                        public void close() {}
                    });

    @Test
    void aQueueWithoutAnyChannelOfASourceThatHasNoneIsAllRight() throws Exception {
        assertThat(inspection.channels(List.of()))
                .satisfies(
                        finding -> {
                            assertThat(finding.ok()).isTrue();
                            assertThat(finding.fix()).contains("replication.channelPrefix");
                        });
        ends.put("by-dev-rootcoord-dml_0", MqPosition.ofKafkaOffset(7));
        ends.put("by-dev-replicate-msg", MqPosition.ofKafkaOffset(7));
        assertThat(inspection.channels(List.of()))
                .isEqualTo(Finding.well("channels", "1 pchannels by-dev-rootcoord-dml_*"));
    }

    @Test
    void tellsWhetherTheReplicateChannelIsThere() throws Exception {
        assertThat(inspection.replicateChannel().fix()).contains("sourceConfig.replicateChan");
        ends.put("by-dev-replicate-msg", MqPosition.ofKafkaOffset(7));
        assertThat(inspection.replicateChannel())
                .isEqualTo(Finding.well("replicate_channel", "by-dev-replicate-msg is there"));
    }

    @Test
    void aShortRetentionIsAdvice() throws Exception {
        assertThat(inspection.retention().fix()).isEmpty();
        retention = Optional.of(Duration.ofDays(7));
        assertThat(inspection.retention())
                .isEqualTo(Finding.well("retention", "the broker removes after 168 h"));
        retention = Optional.of(Duration.ofMinutes(10));
        assertThat(inspection.retention())
                .satisfies(
                        finding -> {
                            assertThat(finding.ok()).isTrue();
                            assertThat(finding.detail())
                                    .startsWith("the broker removes after 600 s,");
                            assertThat(finding.fix()).contains("retention.ms");
                        });
    }

    @Test
    void aSourceThatIsSilentAndAClockThatIsBehindAreAdvice() throws Exception {
        ends.put("by-dev-rootcoord-dml_0", MqPosition.ofKafkaOffset(7));
        Clocks clocks = new Clocks();
        assertThat(inspection.ticks(clocks).fix()).contains("is it up?");
        long now = System.currentTimeMillis();
        clocks.ofTarget(now, now, now);
        assertThat(clocks.compare().detail()).isEqualTo("the clock of the source isn't known");

        tick = OptionalLong.of(Tso.of(now - Duration.ofHours(1).toMillis(), 0));
        assertThat(inspection.ticks(clocks).fix()).isEmpty();
        assertThat(clocks.compare().detail())
                .containsPattern("is 36\\d\\d\\.\\d s behind the target's");
        assertThat(clocks.compare().fix()).contains("NTP");
    }

    @Test
    void clocksThatAgreeAreAllRight() {
        Clocks clocks = new Clocks();
        clocks.ofSource(10_000, 9_000, 10_000);
        clocks.ofTarget(20_000, 20_000, 20_000);
        assertThat(clocks.compare())
                .isEqualTo(
                        Finding.well("clock", "the source's clock is 0.5 s ahead of the target's"));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TickDecisionTest {

    private static final long ALL_SENT = Long.MAX_VALUE;

    private final Map<String, MqPosition> ends = new HashMap<>();
    private final TickDecision decision = new TickDecision(Map.of("p0", at(100), "p1", at(50)));

    @Test
    void waitsForTheFirstTickOfEveryLivePchannel() throws IOException {
        decision.report("p0", new ChannelProgress(5000, at(120)));

        assertThat(decide(Map.of("p0", 10L, "p1", 20L))).isEqualTo(TickDecision.NONE);

        decision.report("p1", new ChannelProgress(4800, at(60)));
        assertThat(decide(Map.of("p0", 10L, "p1", 20L))).isEqualTo(4800);
    }

    @Test
    void aPchannelWithoutCollectionsHoldsTicksOnlyUntilItIsReadToItsEnd() throws IOException {
        ends.put("p1", at(60));
        decision.report("p0", new ChannelProgress(5000, at(120)));
        decision.report("p1", new ChannelProgress(3000, at(55)));
        assertThat(decide(Map.of("p0", 10L))).isEqualTo(3000);

        decision.report("p1", new ChannelProgress(3100, at(60)));
        assertThat(decide(Map.of("p0", 10L))).isEqualTo(5000);
    }

    @Test
    void aPchannelThatWasReadToItsEndIsAskedForAgainOnceSomethingCame() throws IOException {
        ends.put("p1", at(50));
        decision.report("p0", new ChannelProgress(5000, at(120)));
        assertThat(decide(Map.of("p0", 10L))).isEqualTo(5000);

        ends.put("p1", at(70));
        decision.report("p0", new ChannelProgress(6000, at(130)));
        decision.report("p1", new ChannelProgress(5500, at(65)));
        assertThat(decide(Map.of("p0", 10L))).isEqualTo(5500);
    }

    @Test
    void theFirstCollectionOnASilentPchannelStopsTicksBelowItsCreation() throws IOException {
        ends.put("p1", at(50));
        decision.report("p0", new ChannelProgress(5000, at(120)));
        assertThat(decide(Map.of("p0", 10L))).isEqualTo(5000);

        decision.report("p0", new ChannelProgress(9000, at(140)));
        assertThat(decide(Map.of("p0", 10L, "p1", 7000L))).isEqualTo(6999);

        decision.report("p1", new ChannelProgress(8800, at(52)));
        assertThat(decide(Map.of("p0", 10L, "p1", 7000L))).isEqualTo(8800);
    }

    @Test
    void theDropOfTheLastCollectionIsReadThoughNoTickFollowsIt() throws IOException {
        ends.put("p0", at(121));
        ends.put("p1", at(50));
        decision.report("p0", new ChannelProgress(5000, at(120)));
        assertThat(decide(Map.of())).isEqualTo(5000);
        assertThat(decision.read(5100)).isEqualTo(5000);

        decision.report("p0", new ChannelProgress(5000, at(121)));
        assertThat(decision.read(5100)).isEqualTo(5000);
        assertThat(decide(Map.of())).isEqualTo(5000);
        assertThat(decision.read(5100)).isEqualTo(5100);
        assertThat(decision.last()).isEqualTo(5000);

        decision.report("p0", new ChannelProgress(5000, at(122)));
        assertThat(decision.read(5200)).isEqualTo(5000);
    }

    @Test
    void aPchannelYoungerThanTheTaskStopsTicksBelowItsFirstCollection() throws IOException {
        decision.report("p0", new ChannelProgress(5000, at(120)));
        decision.report("p1", new ChannelProgress(5000, at(120)));

        assertThat(decide(Map.of("p0", 10L, "p1", 20L, "p7", 4000L))).isEqualTo(3999);
    }

    @Test
    void aPchannelInBacklogIsNotTakenForASilentOneBecauseItsCollectionIsYoung() throws IOException {
        ends.put("p1", at(90));
        decision.report("p0", new ChannelProgress(5000, at(120)));
        decision.report("p1", new ChannelProgress(1000, at(60)));

        assertThat(decide(Map.of("p0", 10L, "p1", 4500L))).isEqualTo(1000);
    }

    @Test
    void noTickReachesARowThatWasNotSent() throws IOException {
        decision.report("p0", new ChannelProgress(5000, at(120)));
        decision.report("p1", new ChannelProgress(5000, at(60)));

        assertThat(decision.decide(4200, Map.of("p0", 1L, "p1", 1L), () -> ends)).isEqualTo(4199);
    }

    @Test
    void neverGoesBackAndKeepsTheRestoredTick() throws IOException {
        decision.restore(Map.of("p0", new ChannelProgress(3000, at(110))), 8000);

        assertThat(decide(Map.of("p0", 10L))).isEqualTo(8000);
        assertThat(decision.decide(5, Map.of("p0", 1L), () -> ends)).isEqualTo(8000);
    }

    @Test
    void ofTwoReportsAboutAPchannelTheLargerCounts() throws IOException {
        decision.report("p0", new ChannelProgress(5000, at(120)));
        decision.report("p0", new ChannelProgress(4000, at(110)));
        decision.report("p1", new ChannelProgress(6000, at(60)));

        assertThat(decide(Map.of("p0", 1L, "p1", 1L))).isEqualTo(5000);
    }

    @Test
    void withoutAnythingLiveTheTickStands() throws IOException {
        ends.put("p0", at(100));
        ends.put("p1", at(50));

        assertThat(decide(Map.of())).isEqualTo(TickDecision.NONE);
    }

    @Test
    void asksForTheEndsOnlyWhenItNeedsThem() throws IOException {
        decision.report("p0", new ChannelProgress(5000, at(120)));
        decision.report("p1", new ChannelProgress(6000, at(60)));

        long tick =
                decision.decide(
                        ALL_SENT,
                        Map.of("p0", 1L, "p1", 1L),
                        () -> {
                            throw new IOException("asked for the ends");
                        });

        assertThat(tick).isEqualTo(5000);
    }

    @Test
    void aBrokerThatDoesNotAnswerDecidesNothing() {
        decision.report("p0", new ChannelProgress(5000, at(120)));

        assertThatThrownBy(
                        () ->
                                decision.decide(
                                        ALL_SENT,
                                        Map.of("p0", 1L),
                                        () -> {
                                            throw new IOException("no answer");
                                        }))
                .isInstanceOf(IOException.class);
        assertThat(decision.last()).isEqualTo(TickDecision.NONE);
    }

    private long decide(Map<String, Long> live) throws IOException {
        return decision.decide(ALL_SENT, live, () -> ends);
    }

    private static MqPosition at(long offset) {
        return MqPosition.ofKafkaOffset(offset);
    }
}

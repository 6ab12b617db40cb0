// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TickMarksTest {

    private final TickMarks marks = new TickMarks();

    @Test
    void keepsTheNewestMarkUpToTheCommittedTickAndAllLaterOnes() {
        for (int tick = 10; tick <= 50; tick += 10) {
            marks.add("p0", tick, at(tick));
        }
        marks.add("slow", 10, at(1));
        marks.committed(35);

        assertThat(marks.all().get("p0")).containsExactly(mark(30, 30), mark(40, 40), mark(50, 50));
        assertThat(marks.all().get("slow")).containsExactly(mark(10, 1));
    }

    @Test
    void aTickThatIsNotNewerMovesNothing() {
        marks.add("p0", 10, at(1));
        marks.add("p0", 10, at(7));
        marks.addAll(Map.of("p0", List.of(mark(9, 8))), "ops");

        assertThat(marks.all().get("p0")).containsExactly(mark(10, 1));
    }

    @Test
    void anOperationWithoutTimestampBelongsToTheOneBeforeIt() {
        marks.addOperation("ops", 10, at(1));
        marks.addOperation("ops", 0, at(2));
        marks.addAll(Map.of("ops", List.of(mark(10, 3), mark(20, 4))), "ops");

        assertThat(marks.all().get("ops")).containsExactly(mark(10, 3), mark(20, 4));
    }

    @Test
    void staysBoundedWhileNothingIsCommittedAndKeepsOldestAndNewest() {
        int ticks = 100 * TickMarks.MAX_PER_CHANNEL;
        for (int tick = 1; tick <= ticks; tick++) {
            marks.add("p0", tick, at(tick));
        }

        List<TickMark> kept = marks.all().get("p0");
        assertThat(kept).hasSizeLessThanOrEqualTo(TickMarks.MAX_PER_CHANNEL);
        assertThat(kept.get(0)).isEqualTo(mark(1, 1));
        assertThat(kept.get(kept.size() - 1)).isEqualTo(mark(ticks, ticks));
    }

    private static TickMark mark(long tick, long offset) {
        return new TickMark(tick, at(offset));
    }

    private static MqPosition at(long offset) {
        return MqPosition.ofKafkaOffset(offset);
    }
}

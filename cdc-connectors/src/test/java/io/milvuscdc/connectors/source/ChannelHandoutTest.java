// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class ChannelHandoutTest {

    private static final TopicPartition P0 = new TopicPartition("by-dev-rootcoord-dml_0", 0);
    private static final TopicPartition P1 = new TopicPartition("by-dev-rootcoord-dml_1", 0);
    private static final long EARLIEST = KafkaPartitionSplit.EARLIEST_OFFSET;

    private final EnumeratorContextDouble<KafkaPartitionSplit> flink =
            new EnumeratorContextDouble<>();
    private final ChannelHandout handout =
            new ChannelHandout(flink, Map.of(P0.topic(), 1_000L), Set.of());

    @Test
    void aChannelIsHandedOutOnce() {
        assign(at(P0, 1_000));
        assign(at(P0, EARLIEST));

        assertThat(flink.assigned()).containsExactly(at(P0, 1_000));
    }

    @Test
    void soItIsWhenOneAssignmentHasItTwice() {
        assign(at(P0, EARLIEST), at(P0, 1_000));

        assertThat(flink.assigned()).containsExactly(at(P0, 1_000));
    }

    @Test
    void aChannelThatIsFoundLateBeginsWhereTheTaskDoes() {
        assign(at(P0, EARLIEST));

        assertThat(flink.assigned()).containsExactly(at(P0, 1_000));
    }

    @Test
    void aChannelThatAppearedLaterBeginsAtItsVeryFirstOffset() {
        assign(at(P1, EARLIEST));

        assertThat(flink.assigned()).containsExactly(at(P1, 0));
    }

    @Test
    void whatReadersHaveByTheCheckpointIsNotHandedOut() {
        new ChannelHandout(flink, Map.of(), Set.of(P0))
                .assignSplits(assignment(at(P0, EARLIEST), at(P1, EARLIEST)));

        assertThat(flink.assigned()).containsExactly(at(P1, 0));
    }

    @Test
    void whatAFailedReaderHadIsHandedOutAgain() {
        assign(at(P0, 1_000));
        handout.takeBack(List.of(at(P0, 1_000)));
        assign(at(P0, 1_000));

        assertThat(flink.assigned()).containsExactly(at(P0, 1_000), at(P0, 1_000));
    }

    @Test
    void whatAFailedReaderHadWinsOverALateFind() {
        assign(at(P0, 1_000));
        handout.takeBack(List.of(at(P0, 5_000)));
        assign(at(P0, EARLIEST));
        assign(at(P0, 5_000));

        assertThat(flink.assigned()).containsExactly(at(P0, 1_000), at(P0, 5_000));
    }

    @Test
    void aListIsForgottenWhileAnOffsetIsLookedUp() {
        List<String> handled = new ArrayList<>();
        handout.callAsync(() -> "list", (list, failure) -> handled.add(list), 0, 500);

        flink.periodPasses();
        flink.work();
        handout.callAsync(() -> "lookup", (found, failure) -> handled.add(found));
        flink.periodPasses();
        flink.coordinate();
        assertThat(handled).as("listed before the lookup, handled during it").isEmpty();

        flink.work();
        flink.coordinate();
        assertThat(handled).as("the list of meanwhile isn't asked for").containsExactly("lookup");

        flink.periodPasses();
        flink.work();
        flink.coordinate();
        assertThat(handled).containsExactly("lookup", "list");
    }

    @Test
    void aListThatFailsIsTold() {
        List<Throwable> failures = new ArrayList<>();
        IllegalStateException away = new IllegalStateException("away");
        handout.callAsync(
                () -> {
                    throw away;
                },
                (list, failure) -> failures.add(failure),
                0,
                500);

        flink.periodPasses();
        flink.work();
        handout.callAsync(() -> "lookup", (found, failure) -> {});
        flink.coordinate();

        assertThat(failures).containsExactly(away);
    }

    @Test
    void aBrokerThatIsAwayForAWhileIsAskedAgain() {
        List<String> told = new ArrayList<>();
        Deque<RuntimeException> failures = new ArrayDeque<>();
        handout.callAsync(
                () -> {
                    if (failures.isEmpty()) {
                        return "list";
                    }
                    throw failures.remove();
                },
                (list, failure) -> told.add(failure == null ? list : failure.getMessage()),
                0,
                500);
        RuntimeException away =
                new IllegalStateException("away", new ExecutionException(new TimeoutException()));

        failures.add(away);
        period();
        assertThat(told).as("nothing is known yet").containsExactly("away");

        period();
        failures.add(away);
        failures.add(away);
        period();
        period();
        period();
        assertThat(told).containsExactly("away", "list", "list");

        failures.add(new IllegalStateException("refused"));
        period();
        assertThat(told).last().isEqualTo("refused");
    }

    private void period() {
        flink.periodPasses();
        flink.work();
        flink.coordinate();
    }

    private void assign(KafkaPartitionSplit... splits) {
        handout.assignSplits(assignment(splits));
    }

    private static SplitsAssignment<KafkaPartitionSplit> assignment(KafkaPartitionSplit... splits) {
        return new SplitsAssignment<>(Map.of(0, List.of(splits)));
    }

    private static KafkaPartitionSplit at(TopicPartition channel, long offset) {
        return new KafkaPartitionSplit(channel, offset);
    }
}

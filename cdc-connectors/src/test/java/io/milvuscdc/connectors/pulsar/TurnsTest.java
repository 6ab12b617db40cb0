// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Messages are their own sizes in bytes here. */
final class TurnsTest {

    private static final int KIB = 1024;

    private final Turns<Integer> turns = new Turns<>(Integer::intValue);

    @Test
    void aBusyChannelOfLargeMessagesDoesNotKeepAnotherWaiting() throws IOException {
        turns.add("a", messages(200, 256 * KIB)::poll);
        turns.add("b", messages(200, 256 * KIB)::poll);

        List<String> first = new ArrayList<>();
        while (first.size() < 100) {
            first.addAll(take());
        }

        assertThat(Collections.frequency(first.subList(0, 100), "a")).isEqualTo(50);
        assertThat(Collections.frequency(first.subList(0, 100), "b")).isEqualTo(50);
    }

    @Test
    void whenNotAllChannelsFitIntoOneGoTheNextBeginsWithTheRest() throws IOException {
        for (String name : List.of("a", "b", "c", "d")) {
            turns.add(name, messages(10, 4096 * KIB)::poll);
        }

        assertThat(take()).containsExactly("a", "b");
        assertThat(take()).containsExactly("c", "d");
        assertThat(take()).containsExactly("a", "b");
    }

    @Test
    void aChannelThatHadNothingComesFirstTheNextTime() throws IOException {
        Queue<Integer> quiet = new ArrayDeque<>();
        turns.add("busy", messages(100, 8192 * KIB)::poll);
        turns.add("quiet", quiet::poll);
        turns.add("empty", () -> null);
        assertThat(take()).containsExactly("busy");

        quiet.add(8192 * KIB);

        assertThat(take()).containsExactly("quiet");
    }

    @Test
    void takesEverythingThatIsThereAndSaysWhenThatIsNothing() throws IOException {
        turns.add("a", messages(3, 1)::poll);
        turns.add("b", messages(300, 1)::poll);

        List<String> taken = new ArrayList<>();
        while (turns.take((name, message) -> taken.add(name))) {
            // bounded by what was put into the queues
        }

        assertThat(taken).hasSize(303);
        assertThat(new TreeSet<>(taken)).containsExactly("a", "b");
        assertThat(take()).isEmpty();
    }

    private List<String> take() throws IOException {
        List<String> names = new ArrayList<>();
        boolean any = turns.take((name, message) -> names.add(name));
        assertThat(any).isEqualTo(!names.isEmpty());
        return names;
    }

    private static Queue<Integer> messages(int count, int size) {
        return new ArrayDeque<>(Collections.nCopies(count, size));
    }
}

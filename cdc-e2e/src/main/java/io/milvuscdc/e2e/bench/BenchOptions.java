// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.servers.SourceQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the command line says.
 *
 * @param rounds of ceiling and catch-up, after one that warms up
 * @param rows of 128 floats that a round has; other shapes have as many bytes
 * @param insertRows how many an insert of catchup has, unless 2 MiB of them
 * @param seconds that live lag is measured
 * @param collections that do nothing
 * @param outage how long it is down
 * @param queue the source's
 * @param shapes only those with this text in their names
 */
record BenchOptions(
        List<Part> parts,
        int rounds,
        int rows,
        OptionalInt insertRows,
        Duration seconds,
        int collections,
        Duration outage,
        SourceQueue queue,
        String shapes,
        Path table,
        Path json) {

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException says which one is wrong
     */
    static BenchOptions parse(List<String> arguments) {
        List<Part> parts = List.of(Part.values());
        int rounds = 5;
        int rows = 250_000;
        OptionalInt insertRows = OptionalInt.empty();
        int seconds = 60;
        int collections = 1_000;
        int outage = 600;
        SourceQueue queue = SourceQueue.KAFKA;
        String shapes = "";
        Path table = Path.of("target", "bench.md");
        Path json = Path.of("target", "bench.json");
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String option = rest.pop();
            switch (option) {
                case "--parts" -> parts = parts(value(option, rest));
                case "--rounds" -> rounds = number(option, rest);
                case "--rows" -> rows = number(option, rest);
                case "--insert" -> insertRows = OptionalInt.of(number(option, rest));
                case "--seconds" -> seconds = number(option, rest);
                case "--collections" -> collections = number(option, rest);
                case "--outage" -> outage = number(option, rest);
                case "--mq" -> queue = SourceQueue.named(value(option, rest));
                case "--shapes" -> shapes = shapes(value(option, rest));
                case "--table" -> table = Path.of(value(option, rest));
                case "--json" -> json = Path.of(value(option, rest));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new BenchOptions(
                parts,
                rounds,
                rows,
                insertRows,
                Duration.ofSeconds(seconds),
                collections,
                Duration.ofSeconds(outage),
                queue,
                shapes,
                table,
                json);
    }

    private static List<Part> parts(String names) {
        return Arrays.stream(names.split(",", -1)).map(Part::named).toList();
    }

    private static String shapes(String text) {
        if (Shapes.named(text).isEmpty()) {
            throw new IllegalArgumentException(
                    "no shape has '%s' in its name; there are: %s"
                            .formatted(text, Shapes.named("")));
        }
        return text;
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.pop();
    }

    private static int number(String option, Deque<String> rest) {
        String text = value(option, rest);
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(option + " needs a number above 0, not " + text);
        }
        return Integer.parseInt(text);
    }
}

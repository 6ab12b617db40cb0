// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import io.milvuscdc.e2e.servers.SourceQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the command line says.
 *
 * @param check stop everything when source and target are equal, or don't get so in time
 * @param terminal the output is a terminal, so that a table can be shown in place
 * @param queue what the source writes to
 * @param rows how many rows the largest collection gets
 */
record QuickstartOptions(boolean check, boolean terminal, SourceQueue queue, int rows) {

    private static final int ROWS = 10_000;

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException says which one is wrong
     */
    static QuickstartOptions parse(List<String> arguments) {
        boolean check = false;
        boolean terminal = false;
        SourceQueue queue = SourceQueue.KAFKA;
        int rows = ROWS;
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            switch (argument) {
                case "--check" -> check = true;
                case "--terminal" -> terminal = true;
                case "--mq" -> queue = queue(rest);
                case "--rows" -> rows = number(rest);
                default -> throw new IllegalArgumentException("unknown option " + argument);
            }
        }
        return new QuickstartOptions(check, terminal, queue, rows);
    }

    private static SourceQueue queue(Deque<String> rest) {
        String name = rest.isEmpty() ? "" : rest.pop();
        try {
            return SourceQueue.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--mq: " + e.getMessage(), e);
        }
    }

    private static int number(Deque<String> rest) {
        String text = rest.isEmpty() ? "" : rest.pop();
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number that isn't positive
        }
        throw new IllegalArgumentException("--rows needs a positive number, not '" + text + "'");
    }
}

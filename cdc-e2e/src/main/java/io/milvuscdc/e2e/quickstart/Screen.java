// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import java.io.PrintStream;
import java.util.List;

/** Prints a table again and again: in place on a terminal, once per change elsewhere. */
final class Screen {

    private final PrintStream out;
    private final boolean terminal;
    private List<String> shown = List.of();

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(List<String> lines) {
        if (lines.equals(shown)) {
            return;
        }
        if (terminal && !shown.isEmpty()) {
            // up to the first line of the last table, and clear all below
            out.printf("\u001b[%dA\u001b[J", shown.size());
        }
        lines.forEach(out::println);
        shown = List.copyOf(lines);
    }

    /** What is printed from now on goes below. */
    void keep() {
        shown = List.of();
    }
}

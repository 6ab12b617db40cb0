// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

/**
 * Halts the process at a step of the commit, for tests that prove what a crash there does. Armed
 * only by the system property {@value #PROPERTY}: the name of a {@link Point}, a colon, and how
 * many times it is passed before it halts. One thread.
 */
final class HaltSwitch {

    static final String PROPERTY = "milvuscdc.test.halt";

    /** Where a commit may halt. */
    enum Point {
        BEFORE_TICKS,
        BETWEEN_TICKS,
        AFTER_TICKS
    }

    private final String point;
    private int passesLeft;

    HaltSwitch(String armed) {
        String[] parts = armed.split(":", 2);
        this.point = parts[0];
        this.passesLeft = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
    }

    static HaltSwitch fromSystemProperty() {
        return new HaltSwitch(System.getProperty(PROPERTY, ""));
    }

    boolean armed(Point at) {
        return at.name().equals(point);
    }

    /** Comes by a point; doesn't return when it is time to halt. */
    void pass(Point at) {
        if (armed(at) && passesLeft-- == 0) {
            Runtime.getRuntime().halt(137);
        }
    }
}

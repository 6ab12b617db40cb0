// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.util.ArrayList;
import java.util.List;

/** What of one collection couldn't be made equal in one run, in words. */
final class Leftovers {

    private final List<String> texts = new ArrayList<>();
    private boolean waits;
    private boolean failures;
    private boolean turns;

    /** Something else has to happen first. */
    void waits(String text) {
        waits = true;
        texts.add(text);
    }

    /** A load has to wait for its turn. */
    void waitsForTurn(String text) {
        turns = true;
        texts.add(text);
    }

    /** The target refused it for now. */
    void fails(String text) {
        failures = true;
        texts.add(text);
    }

    boolean isEmpty() {
        return texts.isEmpty();
    }

    boolean hasWaits() {
        return waits;
    }

    boolean hasFailures() {
        return failures;
    }

    /** Whether nothing else is left than a load that waits for its turn. */
    boolean isOnlyTurn() {
        return turns && texts.size() == 1;
    }

    String text() {
        return String.join("; ", texts);
    }
}

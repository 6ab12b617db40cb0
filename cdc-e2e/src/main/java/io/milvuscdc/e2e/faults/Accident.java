// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.util.regex.Pattern;

/**
 * That a server ended of itself, or didn't get ready, and was started again.
 *
 * @param words what was seen of it
 * @param after the fault that struck last; empty for none
 * @param explained whether it's known that such a fault has this end; otherwise it's a finding
 */
record Accident(Server server, String words, String after, boolean explained) {

    /** What signals 6 and 11 leave: a panic, which Milvus ends by an abort, and a wild pointer. */
    private static final Pattern CRASH = Pattern.compile("exit code 13[49],");

    /**
     * Whether this is a Milvus that has crashed, as 2.3.5 does once in some hours of this workload:
     * in its native code (seen between a delete and an insert), or by a panic, which it has when a
     * Pulsar that was started again still knows a consumer ({@code ConsumerBusy}).
     */
    static boolean isCrash(Server server, String words) {
        return server.isMilvus() && CRASH.matcher(words).find();
    }

    boolean isCrash() {
        return isCrash(server, words);
    }

    @Override
    public String toString() {
        return "%s %s (after «%s»)".formatted(server.words(), words, after);
    }
}

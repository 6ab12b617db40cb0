// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

/**
 * That a server ended of itself, or didn't get ready, and was started again.
 *
 * @param words what was seen of it
 * @param after the fault that struck last; empty for none
 * @param explained whether it's known that such a fault has this end; otherwise it's a finding
 */
record Accident(Server server, String words, String after, boolean explained) {

    /** What a shell says of a process that signal 11 has ended. */
    private static final String SEGMENTATION_FAULT = "exit code 139,";

    /**
     * Whether this is a Milvus that has crashed in its native code, as 2.3.5 does once in some
     * hours of this workload, whatever strikes.
     */
    static boolean isCrash(Server server, String words) {
        return server.isMilvus() && words.contains(SEGMENTATION_FAULT);
    }

    boolean isCrash() {
        return isCrash(server, words);
    }

    @Override
    public String toString() {
        return "%s %s (after «%s»)".formatted(server.words(), words, after);
    }
}

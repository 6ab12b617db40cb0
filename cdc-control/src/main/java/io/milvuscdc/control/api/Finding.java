// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/**
 * What was found out about one thing that a task needs.
 *
 * @param check what was looked at
 * @param ok whether a task can run like this
 * @param detail what was found, for people
 * @param fix what to do; empty when there is nothing to do. One that is {@code ok} may have advice
 */
public record Finding(String check, boolean ok, String detail, String fix) {

    /** All well. */
    public static Finding well(String check, String detail) {
        return new Finding(check, true, detail, "");
    }

    /** A task can run, but somebody should look at this. */
    public static Finding advice(String check, String detail, String fix) {
        return new Finding(check, true, detail, fix);
    }

    /** A task can't run. */
    public static Finding broken(String check, String detail, String fix) {
        return new Finding(check, false, detail, fix);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

/**
 * A job at one moment.
 *
 * @param failure with {@code FAILED} why it ended, with {@code ACTIVE} why Flink restarts it just
 *     now; empty otherwise
 */
public record JobObservation(JobPhase phase, String failure) {

    /** A job without fault. */
    public static JobObservation of(JobPhase phase) {
        return new JobObservation(phase, "");
    }
}

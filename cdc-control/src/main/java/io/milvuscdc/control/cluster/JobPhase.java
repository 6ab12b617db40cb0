// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

/** What a job is doing, as far as the control plane tells it apart. */
public enum JobPhase {
    /** Flink doesn't know the job: it was never submitted, or Flink has started anew since. */
    ABSENT,
    /** It runs, or Flink is starting, restarting or stopping it. */
    ACTIVE,
    /** It has ended without fault: stopped or cancelled. */
    ENDED,
    /** It has ended with a fault that Flink doesn't try again. */
    FAILED
}

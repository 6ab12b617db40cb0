// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

/** What the user wants a task to be; the reconcile loop makes Flink match. */
public enum DesiredState {
    /** A job runs. */
    RUNNING("Running"),
    /** No job runs; where it stopped is kept. */
    PAUSED("Paused"),
    /** No job runs, and all that's kept of the task goes. The API no longer shows it. */
    DELETED("Deleted");

    private final String label;

    DesiredState(String label) {
        this.label = label;
    }

    /** The word of the API. */
    public String label() {
        return label;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

/** What a crash may do to the rows at the target. */
public enum DeliveryGuarantee {
    /** Every row once; a row is visible after the next completed checkpoint. */
    EXACTLY_ONCE,
    /**
     * Rows are visible sooner; after a crash some may be there twice. By primary key it ends the
     * same.
     */
    AT_LEAST_ONCE
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

/** What the target may see after a failure. */
public enum DeliveryGuarantee {
    /** Every change once: time ticks go out when a checkpoint is complete. */
    EXACTLY_ONCE,
    /** No change is lost, some may come twice: time ticks go out as they are read. */
    AT_LEAST_ONCE
}

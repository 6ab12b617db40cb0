// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.job.DeliveryGuarantee;
import java.time.Duration;

/**
 * How tasks replicate.
 *
 * @param checkpointInterval with exactly-once also how long a row takes to be visible
 */
public record ReplicationSettings(DeliveryGuarantee guarantee, Duration checkpointInterval) {}

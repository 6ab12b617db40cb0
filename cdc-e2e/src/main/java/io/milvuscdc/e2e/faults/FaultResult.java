// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.time.Duration;

/**
 * What was seen of one fault.
 *
 * @param fault its name, and when it struck, if that wasn't live traffic
 * @param lasted from its begin until it was over
 * @param state of the task at the end of it, as {@code get} tells it
 * @param said the last warning or error in the control plane's log since it began; empty for none
 * @param visibleAgain from its end until the target showed what was written then
 */
record FaultResult(
        String fault, Duration lasted, String state, String said, Duration visibleAgain) {}

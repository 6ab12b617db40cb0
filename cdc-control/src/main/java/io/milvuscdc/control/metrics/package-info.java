// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/** What Prometheus is told: requests, tasks, their jobs and this process. */
package io.milvuscdc.control.metrics;

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Faults that strike a running replication of real servers, a workload that goes on meanwhile, and
 * what is to be seen of each.
 */
package io.milvuscdc.e2e.faults;

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

/**
 * A partition of a target collection.
 *
 * @param createdTs a tso of the target's own clock, so it says nothing about the source's partition
 */
public record TargetPartition(long id, String name, long createdTs) {}

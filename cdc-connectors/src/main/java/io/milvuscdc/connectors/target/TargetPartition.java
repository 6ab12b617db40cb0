// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

/**
 * A partition of a target collection.
 *
 * @param createdTs a tso of the target's own clock; later than that of the source's partition which
 *     it is the copy of
 */
public record TargetPartition(long id, String name, long createdTs) {}

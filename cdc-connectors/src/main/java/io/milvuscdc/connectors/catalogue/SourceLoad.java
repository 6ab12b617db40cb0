// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import java.util.Set;

/**
 * What of a collection is loaded at the source ({@code querycoord-collection-loadinfo/}).
 *
 * @param wholeCollection loaded by LoadCollection, so that partitions made later are loaded too
 * @param partitionIds the source partitions that are loaded ({@code
 *     querycoord-partition-loadinfo/})
 */
public record SourceLoad(boolean wholeCollection, int replicas, Set<Long> partitionIds) {}

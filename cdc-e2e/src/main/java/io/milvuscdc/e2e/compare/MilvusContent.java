// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a Milvus held when it was read. Not a snapshot: objects are read one after the other.
 *
 * @param databases names
 * @param collections by {@code database.name}
 */
public record MilvusContent(
        SortedSet<String> databases, SortedMap<String, CollectionContent> collections) {}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

/**
 * A partition of a source collection.
 *
 * @param createTs the source's tso of its creation
 */
public record SourcePartition(long id, String name, long createTs, ObjectState state) {}

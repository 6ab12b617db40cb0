// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

/**
 * The oldest name of a collection that etcd still has.
 *
 * @param database empty when the database is gone without a trace
 * @param atCreation whether it is the name that the collection was created with; Milvus 2.4.14 and
 *     later forgets names that are older than {@code metastore.snapshot.ttl} (a day)
 */
public record EarlyName(String database, String collection, boolean atCreation) {}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

/**
 * The life of a collection, partition or database as its etcd value states it; a tombstone or a
 * missing key is no object at all.
 */
public enum ObjectState {
    CREATING,
    CREATED,
    /** Dropping or dropped: the name is free again, the data is garbage. */
    DROPPED
}

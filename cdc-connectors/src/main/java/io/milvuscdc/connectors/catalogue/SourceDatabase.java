// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvus.grpc.KeyValuePair;
import java.util.List;

/**
 * A database of the source.
 *
 * @param createTs when it was created as etcd has it, 0 for the default database: Milvus 2.3.5
 *     writes nanoseconds of its wall clock, no tso
 * @param properties empty before Milvus 2.4
 */
public record SourceDatabase(
        long id, String name, long createTs, ObjectState state, List<KeyValuePair> properties) {

    /** The same under another name. */
    public SourceDatabase called(String otherName) {
        return new SourceDatabase(id, otherName, createTs, state, properties);
    }
}

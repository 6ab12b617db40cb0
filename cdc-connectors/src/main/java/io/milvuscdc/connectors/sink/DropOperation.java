// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A drop of a database, a collection or a partition at the source, to be done at the target once
 * everything up to {@link #timestamp} has been read.
 *
 * @param kind what is dropped
 * @param timestamp the drop's tso
 * @param collectionId source collection id, 0 for a database
 * @param partitionId source partition id, 0 for a collection
 * @param createTs the create timestamp of the collection's copy, or the collection's own where the
 *     writer hasn't met a copy; 0 when nobody knows it any more
 * @param database the collection's database at the source
 * @param collection the collection's last known name at the source
 * @param partition the partition's name, empty for a collection
 * @param targetPartitionId the partition's id at the target, {@link #NOT_MET} when the target had
 *     none of its name when its drop was read
 */
public record DropOperation(
        Kind kind,
        long timestamp,
        long collectionId,
        long partitionId,
        long createTs,
        String database,
        String collection,
        String partition,
        long targetPartitionId) {

    /** Instead of the target's id of a partition: it may have been made since. */
    static final long NOT_MET = 0;

    /** What a {@link DropOperation} drops. Written by name, so that the order here is free. */
    public enum Kind {
        DATABASE,
        COLLECTION,
        PARTITION
    }

    void write(DataOutputView out) throws IOException {
        out.writeUTF(kind.name());
        out.writeLong(timestamp);
        out.writeLong(collectionId);
        out.writeLong(partitionId);
        out.writeLong(createTs);
        out.writeUTF(database);
        out.writeUTF(collection);
        out.writeUTF(partition);
        out.writeLong(targetPartitionId);
    }

    static DropOperation read(DataInputView in) throws IOException {
        return new DropOperation(
                Kind.valueOf(in.readUTF()),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readLong());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a writer remembers of a source collection across restarts, because the source may forget it:
 * etcd keeps a dropped collection for some hours only.
 *
 * @param id source collection id
 * @param createTs its identity at the target: the create timestamp of its copy, which is its own
 *     unless the copy was taken over
 * @param database the source's name of its database
 * @param name its name when it was last looked up
 * @param partitions source partition id to the target's partition id; tells a partition from an
 *     older one of the same name
 */
record KnownCollection(
        long id, long createTs, String database, String name, Map<Long, Long> partitions) {

    KnownCollection {
        partitions = new TreeMap<>(partitions);
    }

    /** Adds what another writer knew of the collection's partitions, before a rescaling. */
    KnownCollection with(KnownCollection other) {
        Map<Long, Long> both = new TreeMap<>(partitions);
        both.putAll(other.partitions);
        return new KnownCollection(id, createTs, database, name, both);
    }

    void write(DataOutputView out) throws IOException {
        out.writeLong(id);
        out.writeLong(createTs);
        out.writeUTF(database);
        out.writeUTF(name);
        Wire.writeList(
                out,
                partitions.entrySet(),
                (o, entry) -> {
                    o.writeLong(entry.getKey());
                    o.writeLong(entry.getValue());
                });
    }

    static KnownCollection read(DataInputView in) throws IOException {
        long id = in.readLong();
        long createTs = in.readLong();
        String database = in.readUTF();
        String name = in.readUTF();
        Map<Long, Long> partitions = new TreeMap<>();
        for (Map.Entry<Long, Long> entry :
                Wire.readList(in, i -> Map.entry(i.readLong(), i.readLong()))) {
            partitions.put(entry.getKey(), entry.getValue());
        }
        return new KnownCollection(id, createTs, database, name, partitions);
    }
}

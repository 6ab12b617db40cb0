// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A flush that somebody asked of the source (replicate channel), passed on once the time tick has
 * passed it.
 *
 * @param timestamp the request's tso, 0 when it had none
 */
public record FlushOperation(long timestamp, String database, List<String> collections) {

    public FlushOperation {
        collections = List.copyOf(collections);
    }

    void write(DataOutputView out) throws IOException {
        out.writeLong(timestamp);
        out.writeUTF(database);
        Wire.writeList(out, collections, (o, name) -> o.writeUTF(name));
    }

    static FlushOperation read(DataInputView in) throws IOException {
        return new FlushOperation(
                in.readLong(), in.readUTF(), Wire.readList(in, DataInputView::readUTF));
    }
}

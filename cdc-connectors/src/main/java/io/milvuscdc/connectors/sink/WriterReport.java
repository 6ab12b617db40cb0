// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a writer tells the coordinator before each checkpoint, once every row it sent has been
 * acknowledged.
 *
 * @param progress by source pchannel, what was read of it since the job started
 * @param minUnsent the smallest timestamp of a row that was read but not sent (it waits for a
 *     drop), {@link Long#MAX_VALUE} when none is; no tick may reach it
 * @param targetPchannels the target's pchannels that this writer sends to
 * @param drops drops read since the last report
 * @param flushes flushes read since the last report
 */
public record WriterReport(
        Map<String, ChannelProgress> progress,
        long minUnsent,
        Collection<String> targetPchannels,
        List<DropOperation> drops,
        List<FlushOperation> flushes) {

    static final VersionedSerializer<WriterReport> SERIALIZER =
            new VersionedSerializer<>(
                    "writer report", (out, report) -> report.write(out), WriterReport::read);

    public WriterReport {
        progress = new TreeMap<>(progress);
        targetPchannels = new TreeSet<>(targetPchannels);
        drops = List.copyOf(drops);
        flushes = List.copyOf(flushes);
    }

    private void write(DataOutputView out) throws IOException {
        Wire.writeMap(out, progress, (o, p) -> p.write(o));
        out.writeLong(minUnsent);
        Wire.writeList(out, targetPchannels, (o, name) -> o.writeUTF(name));
        Wire.writeList(out, drops, (o, drop) -> drop.write(o));
        Wire.writeList(out, flushes, (o, flush) -> flush.write(o));
    }

    private static WriterReport read(DataInputView in) throws IOException {
        return new WriterReport(
                Wire.readMap(in, ChannelProgress::read),
                in.readLong(),
                Set.copyOf(Wire.readList(in, DataInputView::readUTF)),
                Wire.readList(in, DropOperation::read),
                Wire.readList(in, FlushOperation::read));
    }
}

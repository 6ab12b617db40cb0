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
 * The coordinator's part of a checkpoint.
 *
 * @param lastTick the tick decided last
 * @param progress by source pchannel, what the writers had reported
 * @param targetPchannels the target's pchannels that were ever sent to
 * @param drops drops that aren't due yet
 * @param flushes flushes that no tick has passed yet
 * @param marks by source channel, the newest mark up to the last tick and all later ones
 * @param ceiling no tick above it has been sent, and none below it is sent after a restore
 * @param drainedMillis milliseconds since 1970 by the coordinator's clock: everything that was
 *     written before is at the target, as nothing was live then and everything was read; 0 when
 *     that wasn't so at the last decision
 * @param targetPlaces by target pchannel, as {@link WriterReport#targetPlaces}
 */
record CoordinatorState(
        long lastTick,
        Map<String, ChannelProgress> progress,
        Collection<String> targetPchannels,
        List<DropOperation> drops,
        List<FlushOperation> flushes,
        Map<String, List<TickMark>> marks,
        long ceiling,
        long drainedMillis,
        Map<String, String> targetPlaces) {

    static final VersionedSerializer<CoordinatorState> SERIALIZER =
            new VersionedSerializer<>(
                    "coordinator state",
                    5,
                    5,
                    (out, state) -> state.write(out),
                    CoordinatorState::read);

    CoordinatorState {
        progress = new TreeMap<>(progress);
        targetPchannels = new TreeSet<>(targetPchannels);
        drops = List.copyOf(drops);
        flushes = List.copyOf(flushes);
        marks = new TreeMap<>(marks);
        targetPlaces = new TreeMap<>(targetPlaces);
    }

    private void write(DataOutputView out) throws IOException {
        out.writeLong(lastTick);
        Wire.writeMap(out, progress, (o, p) -> p.write(o));
        Wire.writeList(out, targetPchannels, (o, name) -> o.writeUTF(name));
        Wire.writeList(out, drops, (o, drop) -> drop.write(o));
        Wire.writeList(out, flushes, (o, flush) -> flush.write(o));
        Wire.writeMap(out, marks, (o, list) -> Wire.writeList(o, list, (m, mark) -> mark.write(m)));
        out.writeLong(ceiling);
        out.writeLong(drainedMillis);
        Wire.writeMap(out, targetPlaces, (o, place) -> o.writeUTF(place));
    }

    private static CoordinatorState read(int version, DataInputView in) throws IOException {
        long lastTick = in.readLong();
        return new CoordinatorState(
                lastTick,
                Wire.readMap(in, ChannelProgress::read),
                Set.copyOf(Wire.readList(in, DataInputView::readUTF)),
                Wire.readList(in, DropOperation::read),
                Wire.readList(in, FlushOperation::read),
                version < 2 ? Map.of() : Wire.readMap(in, i -> Wire.readList(i, TickMark::read)),
                // before version 3 no tick was sent ahead of its checkpoint
                version < 3 ? lastTick : in.readLong(),
                version < 4 ? 0 : in.readLong(),
                version < 4 ? Map.of() : Wire.readMap(in, DataInputView::readUTF));
    }
}

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
 * What a writer tells the coordinator, once every row that it had sent by then is acknowledged:
 * before each checkpoint, and in between when ticks may be ahead of their checkpoint.
 *
 * @param progress by source pchannel, what was read of it since the job started
 * @param unsent by source collection, the smallest timestamp of a message that was read but not
 *     sent because it waits for a drop; no tick may reach it, and the collection isn't dropped
 *     meanwhile
 * @param targetPchannels the target's pchannels that this writer sends to
 * @param drops drops read since the last report
 * @param flushes flushes read since the last report
 * @param userRoles changes of users, roles and grants read since the last report, in order
 * @param marks by source channel, the ticks read since the last report, in order
 * @param targetPlaces by target pchannel, where the target says that what it took last stands there
 * @param unsentUpTo by source pchannel, the greatest timestamp of a message that was read but not
 *     sent; another writer may read that pchannel by now
 */
public record WriterReport(
        Map<String, ChannelProgress> progress,
        Map<Long, Long> unsent,
        Collection<String> targetPchannels,
        List<DropOperation> drops,
        List<FlushOperation> flushes,
        List<UserRoleOperation> userRoles,
        Map<String, List<TickMark>> marks,
        Map<String, String> targetPlaces,
        Map<String, Long> unsentUpTo) {

    static final VersionedSerializer<WriterReport> SERIALIZER =
            new VersionedSerializer<>(
                    "writer report", 6, 5, (out, report) -> report.write(out), WriterReport::read);

    public WriterReport {
        progress = new TreeMap<>(progress);
        unsent = new TreeMap<>(unsent);
        targetPchannels = new TreeSet<>(targetPchannels);
        drops = List.copyOf(drops);
        flushes = List.copyOf(flushes);
        userRoles = List.copyOf(userRoles);
        marks = new TreeMap<>(marks);
        targetPlaces = new TreeMap<>(targetPlaces);
        unsentUpTo = new TreeMap<>(unsentUpTo);
    }

    /** The smallest timestamp of all that's unsent, {@link Long#MAX_VALUE} when nothing is. */
    long minUnsent() {
        return unsent.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }

    /**
     * Whether it can make a decision on the tick differ from the one on a report before; how far a
     * channel was read doesn't, between two ticks.
     */
    boolean tellsMoreThan(WriterReport before) {
        return !ticks().equals(before.ticks())
                || !unsent.equals(before.unsent)
                || !Set.copyOf(targetPchannels).equals(Set.copyOf(before.targetPchannels))
                || !drops.isEmpty()
                || !flushes.isEmpty()
                || !userRoles.isEmpty()
                || !marks.isEmpty();
    }

    private Map<String, Long> ticks() {
        Map<String, Long> ticks = new TreeMap<>();
        progress.forEach((pchannel, at) -> ticks.put(pchannel, at.tick()));
        return ticks;
    }

    private void write(DataOutputView out) throws IOException {
        Wire.writeMap(out, progress, (o, p) -> p.write(o));
        Wire.writeList(
                out,
                unsent.entrySet(),
                (o, entry) -> {
                    o.writeLong(entry.getKey());
                    o.writeLong(entry.getValue());
                });
        Wire.writeList(out, targetPchannels, (o, name) -> o.writeUTF(name));
        Wire.writeList(out, drops, (o, drop) -> drop.write(o));
        Wire.writeList(out, flushes, (o, flush) -> flush.write(o));
        Wire.writeList(out, userRoles, (o, operation) -> operation.write(o));
        Wire.writeMap(out, marks, (o, list) -> Wire.writeList(o, list, (m, mark) -> mark.write(m)));
        Wire.writeMap(out, targetPlaces, (o, place) -> o.writeUTF(place));
        Wire.writeMap(out, unsentUpTo, (o, timestamp) -> o.writeLong(timestamp));
    }

    private static WriterReport read(int version, DataInputView in) throws IOException {
        Map<String, ChannelProgress> progress = Wire.readMap(in, ChannelProgress::read);
        Map<Long, Long> unsent = new TreeMap<>();
        for (Map.Entry<Long, Long> entry :
                Wire.readList(in, i -> Map.entry(i.readLong(), i.readLong()))) {
            unsent.put(entry.getKey(), entry.getValue());
        }
        return new WriterReport(
                progress,
                unsent,
                Set.copyOf(Wire.readList(in, DataInputView::readUTF)),
                Wire.readList(in, DropOperation::read),
                Wire.readList(in, FlushOperation::read),
                version < 2 ? List.of() : Wire.readList(in, UserRoleOperation::read),
                version < 3 ? Map.of() : Wire.readMap(in, i -> Wire.readList(i, TickMark::read)),
                version < 4 ? Map.of() : Wire.readMap(in, DataInputView::readUTF),
                version < 6 ? Map.of() : Wire.readMap(in, DataInputView::readLong));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one checkpoint commits, the sink's committable. Committing it again does nothing that wasn't
 * done before.
 *
 * @param checkpointId of the checkpoint that it belongs to
 * @param tick the time tick T for every target pchannel, {@link TickDecision#NONE} to send none
 * @param readTs every message up to here has been read, {@code ≥ T}: rows that wait hold T back,
 *     and drops and creations, which they wait for, must go on
 * @param targetPchannels the target's pchannels that rows were sent to
 * @param drops those with a timestamp ≤ {@code readTs}, in the order of their timestamps
 * @param flushes those with a timestamp ≤ T
 * @param userRoles changes of users, roles and grants, in the order in which they were read
 * @param drainedMillis as {@link CoordinatorState#drainedMillis}
 */
public record CommitUnit(
        long checkpointId,
        long tick,
        long readTs,
        Collection<String> targetPchannels,
        List<DropOperation> drops,
        List<FlushOperation> flushes,
        List<UserRoleOperation> userRoles,
        long drainedMillis) {

    static final VersionedSerializer<CommitUnit> SERIALIZER =
            new VersionedSerializer<>(
                    "commit unit", 4, 4, (out, unit) -> unit.write(out), CommitUnit::read);

    public CommitUnit {
        targetPchannels = new TreeSet<>(targetPchannels);
        drops = List.copyOf(drops);
        flushes = List.copyOf(flushes);
        userRoles = List.copyOf(userRoles);
    }

    /** A tick alone, which goes out ahead of its checkpoint; in no checkpoint. */
    static CommitUnit ofTick(long checkpointId, long tick, Collection<String> targetPchannels) {
        return new CommitUnit(
                checkpointId,
                tick,
                TickDecision.NONE,
                targetPchannels,
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    /** Whether it goes out at once, with no checkpoint. */
    boolean isAhead() {
        return tick != TickDecision.NONE && readTs == TickDecision.NONE;
    }

    private void write(DataOutputView out) throws IOException {
        out.writeLong(checkpointId);
        out.writeLong(tick);
        out.writeLong(readTs);
        Wire.writeList(out, targetPchannels, (o, name) -> o.writeUTF(name));
        Wire.writeList(out, drops, (o, drop) -> drop.write(o));
        Wire.writeList(out, flushes, (o, flush) -> flush.write(o));
        Wire.writeList(out, userRoles, (o, operation) -> operation.write(o));
        out.writeLong(drainedMillis);
    }

    private static CommitUnit read(int version, DataInputView in) throws IOException {
        return new CommitUnit(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                Set.copyOf(Wire.readList(in, DataInputView::readUTF)),
                Wire.readList(in, DropOperation::read),
                Wire.readList(in, FlushOperation::read),
                version < 2 ? List.of() : Wire.readList(in, UserRoleOperation::read),
                version < 3 ? 0 : in.readLong());
    }
}

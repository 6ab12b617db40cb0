// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A backend in memory that fails when it's told to, before or after it has done its work. */
final class ScriptedRecords implements Records {

    /** What happens to the next call. */
    enum Fault {
        LOST_BEFORE,
        LOST_AFTER,
        /** Done after all, when the caller has looked and is about to try again. */
        LOST_AND_LATE,
        REFUSED
    }

    final Map<String, StoredRecord> values = new TreeMap<>();
    final Map<String, List<GoCheckpoint>> checkpoints = new TreeMap<>();
    final Deque<Fault> faults = new ArrayDeque<>();
    final Deque<Fault> readFaults = new ArrayDeque<>();

    /** What a probe finds. */
    volatile boolean away;

    private Runnable late = () -> {};
    private long revision;

    @Override
    public List<StoredRecord> list() {
        return new ArrayList<>(values.values());
    }

    @Override
    public Optional<StoredRecord> find(String taskId) throws StoreException {
        failBefore(readFaults.poll());
        return now(taskId);
    }

    private Optional<StoredRecord> now(String taskId) {
        return Optional.ofNullable(values.get(taskId));
    }

    @Override
    public Optional<StoredRecord> write(String taskId, String json, Optional<StoredRecord> expected)
            throws StoreException {
        late.run();
        late = () -> {};
        Fault fault = faults.poll();
        failBefore(fault);
        boolean fits = now(taskId).equals(expected);
        if (fits && fault == Fault.LOST_AND_LATE) {
            late = () -> put(taskId, json);
            throw StoreException.passing("connection lost", null);
        }
        if (!fits) {
            return Optional.empty();
        }
        put(taskId, json);
        failAfter(fault);
        return now(taskId);
    }

    /** As somebody else would. */
    void put(String taskId, String json) {
        revision++;
        values.put(taskId, new StoredRecord(taskId, "key-of-" + taskId, json, revision));
    }

    @Override
    public void delete(String taskId) throws StoreException {
        Fault fault = faults.poll();
        failBefore(fault);
        values.remove(taskId);
        failAfter(fault);
    }

    private static void failBefore(Fault fault) throws StoreException {
        if (fault == Fault.LOST_BEFORE) {
            throw StoreException.passing("connection lost", null);
        }
        if (fault == Fault.REFUSED) {
            throw new StoreException("refused");
        }
    }

    private static void failAfter(Fault fault) throws StoreException {
        if (fault == Fault.LOST_AFTER) {
            throw StoreException.passing("connection lost", null);
        }
    }

    @Override
    public void probe() throws StoreException {
        if (away) {
            throw StoreException.passing("connection lost", null);
        }
    }

    @Override
    public List<GoCheckpoint> checkpoints(String taskId) {
        return checkpoints.getOrDefault(taskId, List.of());
    }

    @Override
    public void close() {}
}

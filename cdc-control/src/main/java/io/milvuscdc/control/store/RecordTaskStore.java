// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks over any {@link Records}. As this process owns them, they are read once and then kept in
 * memory too, so that tasks go on while the backend is away; changes need the backend. One that
 * fails is tried again for some seconds, after a look whether it was done nevertheless.
 *
 * <p>A value that's no task is left alone and told; the others are used.
 */
public final class RecordTaskStore implements TaskStore, GoInstallation {

    private static final Logger LOG = LoggerFactory.getLogger(RecordTaskStore.class);

    /** What an id may be: part of a file's name, a key and a directory. */
    static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

    /** Ids of Go tasks, which may be of any characters, that would lead out of a directory. */
    private static final Set<String> NO_NAMES = Set.of(".", "..");

    private static final Duration RETRY_BOUND = Duration.ofSeconds(10);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

    private final Records records;
    private final TaskSecrets secrets;
    private final TaskCodec codec = new TaskCodec();
    private final TaskDecoder decoder;
    private final StoreProbe probe;
    private final Map<String, Known> tasks = new ConcurrentSkipListMap<>();
    private final Map<String, StoredRecord> goRecords = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Tasks of which the last write failed, and may have been done nevertheless. */
    private final Set<String> uncertain = new TreeSet<>();

    /** Those of them that were to be made: who asked for one was told that it isn't. */
    private final Map<String, Task> refused = new TreeMap<>();

    private record Known(StoredRecord stored, Task task) {}

    private RecordTaskStore(Records records, SecretCipher cipher, StoreProbe probe) {
        this.records = records;
        this.probe = probe;
        this.secrets = new TaskSecrets(cipher);
        this.decoder = new TaskDecoder(codec, secrets);
    }

    /**
     * Reads all tasks. Secrets that aren't encrypted although there's a key are now.
     *
     * @throws StoreException a value is of a newer version of this program, or has secrets that the
     *     key doesn't fit
     */
    static RecordTaskStore open(Records records, SecretCipher cipher) throws StoreException {
        return open(records, cipher, new StoreProbe(records::probe));
    }

    /**
     * The same with a probe of one's own.
     *
     * @param probe of the records; it's started and closed here
     */
    static RecordTaskStore open(Records records, SecretCipher cipher, StoreProbe probe)
            throws StoreException {
        try {
            RecordTaskStore store = new RecordTaskStore(records, cipher, probe);
            store.load();
            probe.start();
            return store;
        } catch (StoreException e) {
            records.close();
            throw e;
        }
    }

    private synchronized void load() throws StoreException {
        for (StoredRecord stored : records.list()) {
            try {
                load(stored);
            } catch (IOException e) {
                problems.add(stored.key() + " is left alone: " + e.getMessage());
            }
        }
        problems.forEach(problem -> LOG.error("In the task store, {}", problem));
    }

    private void load(StoredRecord stored) throws IOException, StoreException {
        JsonNode tree = codec.tree(stored.json());
        if (!codec.isOurs(tree)) {
            if (NO_NAMES.contains(stored.taskId())) {
                throw new IOException("its id can't be the name of a directory");
            }
            codec.decodeGo(tree, stored.taskId());
            goRecords.put(stored.taskId(), stored);
            return;
        }
        codec.refuseNewer(tree, stored.key());
        boolean toSeal = secrets.needSealing(stored.taskId(), tree);
        Task task = decoder.decode(stored, tree);
        tasks.put(task.id(), new Known(stored, task));
        if (toSeal) {
            keep(task, Optional.of(stored));
            LOG.info("Task {}: its secrets are encrypted in the store with the key now", task.id());
        }
    }

    /** What couldn't be read and was left alone, in words. */
    public synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public List<Task> list() {
        return tasks.values().stream().map(Known::task).toList();
    }

    @Override
    public Optional<Task> find(String taskId) {
        return Optional.ofNullable(tasks.get(taskId)).map(Known::task);
    }

    @Override
    public synchronized void create(Task task) throws StoreException {
        if (!SAFE_ID.matcher(task.id()).matches()) {
            throw new StoreException(
                    "a task id has 1 to 128 letters, digits, '_' and '-', but it's " + task.id());
        }
        settle();
        if (tasks.containsKey(task.id()) || !keepNew(task)) {
            throw new StoreException("there is a task with the id " + task.id() + " already");
        }
    }

    private boolean keepNew(Task task) throws StoreException {
        try {
            return keep(task, Optional.empty());
        } catch (StoreException e) {
            refused.put(task.id(), task);
            throw e;
        }
    }

    @Override
    public synchronized Optional<Task> update(String taskId, UnaryOperator<Task> change)
            throws StoreException {
        settle();
        while (true) {
            Known known = tasks.get(taskId);
            if (known == null) {
                return Optional.empty();
            }
            Task after = change.apply(known.task());
            if (after.equals(known.task()) || keep(after, Optional.of(known.stored()))) {
                return Optional.of(after);
            }
            reload(known, find(taskId, deadline()));
        }
    }

    /** Finds out what became of writes that failed. */
    private void settle() throws StoreException {
        long deadline = deadline();
        for (String taskId : List.copyOf(uncertain)) {
            Optional<StoredRecord> stored = find(taskId, deadline);
            Known known = tasks.get(taskId);
            if (known != null && !stored.equals(Optional.of(known.stored()))) {
                settle(known, stored);
            } else if (known == null && stored.isPresent()) {
                found(stored.get());
            }
            uncertain.remove(taskId);
            refused.remove(taskId);
        }
    }

    private Optional<StoredRecord> find(String taskId, long deadline) throws StoreException {
        while (true) {
            try {
                return records.find(taskId);
            } catch (StoreException e) {
                pauseOrGiveUp(deadline, e);
            }
        }
    }

    /** What can't be used must not keep the other tasks from being changed. */
    private void settle(Known known, Optional<StoredRecord> stored) {
        try {
            reload(known, stored);
        } catch (StoreException e) {
            LOG.error("Task {}: can't be changed any more: {}", known.task().id(), e.getMessage());
        }
    }

    /** Nothing is held any more for a task that was to be made and wasn't: it must not run. */
    private void found(StoredRecord stored) throws StoreException {
        Task task;
        try {
            task = decode(stored);
        } catch (IOException | StoreException e) {
            // the next start tells it, or takes it over
            LOG.error("{} is left alone: {}", stored, e.getMessage());
            return;
        }
        if (task.equals(refused.get(task.id()))) {
            LOG.info("Task {}: was stored although that failed, and is deleted", task.id());
            if (keep(task.wanted(DesiredState.DELETED, ""), Optional.of(stored))) {
                return;
            }
        }
        tasks.put(task.id(), new Known(stored, task));
    }

    /**
     * Takes up what's stored of a task in place of what this process knows of it: an own write that
     * was done after all, or somebody else's although this process owns it.
     *
     * @throws StoreException it's of a newer version of this program, or has secrets that the key
     *     doesn't fit
     */
    private void reload(Known known, Optional<StoredRecord> found) throws StoreException {
        String taskId = known.task().id();
        if (found.isEmpty()) {
            LOG.error("Task {}: somebody has removed {}", taskId, known.stored());
            tasks.remove(taskId);
            return;
        }
        StoredRecord stored = found.get();
        try {
            Task task = decode(stored);
            if (uncertain.contains(taskId)) {
                LOG.info("Task {}: {} was changed although that failed", taskId, stored);
            } else {
                LOG.warn("Task {}: somebody else has changed {}", taskId, stored);
            }
            tasks.put(taskId, new Known(stored, task));
        } catch (IOException e) {
            LOG.error(
                    "Task {}: somebody else has written {}, and the task's next change replaces it:"
                            + " {}",
                    taskId,
                    stored,
                    e.getMessage());
            tasks.put(taskId, new Known(stored, known.task()));
        }
    }

    /**
     * The task of a value that this program wrote.
     *
     * @throws IOException it didn't write it; in words
     */
    private Task decode(StoredRecord stored) throws IOException, StoreException {
        JsonNode tree = codec.tree(stored.json());
        if (!codec.isOurs(tree)) {
            throw new IOException(
                    "it's of another program, probably the Go Milvus-CDC. Stop it: two of them"
                            + " double rows");
        }
        codec.refuseNewer(tree, stored.key());
        return decoder.decode(stored, tree);
    }

    @Override
    public synchronized void delete(String taskId) throws StoreException {
        if (!tasks.containsKey(taskId)) {
            return;
        }
        long deadline = deadline();
        while (true) {
            try {
                records.delete(taskId);
                tasks.remove(taskId);
                uncertain.remove(taskId);
                return;
            } catch (StoreException e) {
                pauseOrGiveUp(deadline, e);
            }
        }
    }

    @Override
    public synchronized List<GoTask> goTasks() throws StoreException {
        List<GoTask> found = new ArrayList<>();
        for (String taskId : List.copyOf(goRecords.keySet())) {
            Optional<StoredRecord> stored = records.find(taskId);
            if (stored.isEmpty()) {
                goRecords.remove(taskId);
                continue;
            }
            goRecords.put(taskId, stored.get());
            try {
                JsonNode tree = codec.tree(stored.get().json());
                decoder.open(taskId, tree);
                found.add(new GoTask(codec.decodeGo(tree, taskId), records.checkpoints(taskId)));
            } catch (IOException e) {
                throw new StoreException(stored.get().key() + ": " + e.getMessage(), e);
            }
        }
        return found;
    }

    @Override
    public synchronized void takeOver(Task task) throws StoreException {
        StoredRecord stored = goRecords.get(task.id());
        if (stored == null || !keep(task, Optional.of(stored))) {
            throw new StoreException(
                    "the Go Milvus-CDC has changed its task "
                            + task.id()
                            + ", so it still runs: stop it, then start this one again");
        }
        goRecords.remove(task.id());
    }

    /**
     * Writes a task.
     *
     * @return false when something else is stored than expected
     */
    private boolean keep(Task task, Optional<StoredRecord> expected) throws StoreException {
        String json = encode(task);
        long deadline = deadline();
        boolean retry = false;
        while (true) {
            try {
                Optional<StoredRecord> written =
                        retry ? written(task.id(), json) : Optional.empty();
                if (written.isEmpty()) {
                    written = records.write(task.id(), json, expected);
                }
                if (written.isEmpty() && retry) {
                    // the earlier one may have been done since that look
                    written = written(task.id(), json);
                }
                written.ifPresent(stored -> tasks.put(task.id(), new Known(stored, task)));
                uncertain.remove(task.id());
                return written.isPresent();
            } catch (StoreException e) {
                uncertain.add(task.id());
                pauseOrGiveUp(deadline, e);
                retry = true;
            }
        }
    }

    /** What's stored when it's this, so that an earlier try to write it was done after all. */
    private Optional<StoredRecord> written(String taskId, String json) throws StoreException {
        return records.find(taskId).filter(stored -> codec.same(stored.json(), json));
    }

    /** Until when a call is tried again. */
    private static long deadline() {
        return System.nanoTime() + RETRY_BOUND.toNanos();
    }

    private static void pauseOrGiveUp(long deadline, StoreException failure) throws StoreException {
        if (!failure.isPassing() || System.nanoTime() - deadline >= 0) {
            throw failure;
        }
        LockSupport.parkNanos(RETRY_PAUSE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw failure;
        }
    }

    private String encode(Task task) {
        JsonNode tree = codec.encode(task);
        secrets.seal(task.id(), tree);
        return codec.text(tree);
    }

    @Override
    public boolean isReachable() {
        return probe.isWell();
    }

    @Override
    public void close() throws StoreException {
        probe.close();
        records.close();
    }
}

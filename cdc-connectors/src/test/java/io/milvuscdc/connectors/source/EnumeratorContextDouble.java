// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/** What an enumerator sees of Flink; both of its threads are turned by hand. */
public final class EnumeratorContextDouble<S extends SourceSplit>
        implements SplitEnumeratorContext<S> {

    private final Map<Integer, ReaderInfo> readers = new HashMap<>();
    private final List<S> assigned = new ArrayList<>();
    private final Deque<Runnable> worker = new ArrayDeque<>();
    private final Deque<Runnable> coordinator = new ArrayDeque<>();
    private final List<Boolean> backlog = new ArrayList<>();
    private Runnable periodic = () -> {};

    /** All splits that were handed out, in order. */
    public List<S> assigned() {
        return assigned;
    }

    /** What was said of a backlog since this was asked last. */
    public List<Boolean> drainBacklog() {
        List<Boolean> said = List.copyOf(backlog);
        backlog.clear();
        return said;
    }

    public void register(int reader) {
        readers.put(reader, new ReaderInfo(reader, "here"));
    }

    public void unregister(int reader) {
        readers.remove(reader);
    }

    /** The periodic call is due, behind what the worker has to do already. */
    public void periodPasses() {
        worker.add(periodic);
    }

    /** The worker does what it has to do by now. */
    public void work() {
        run(worker);
    }

    /** The coordinator handles what the worker has found by now. */
    public void coordinate() {
        run(coordinator);
    }

    private static void run(Deque<Runnable> queue) {
        for (int left = queue.size(); left > 0; left--) {
            queue.remove().run();
        }
    }

    private <T> void call(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        try {
            T result = callable.call();
            coordinator.add(() -> handler.accept(result, null));
        } catch (Exception e) {
            coordinator.add(() -> handler.accept(null, e));
        }
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        worker.add(() -> call(callable, handler));
    }

    @Override
    public <T> void callAsync(
            Callable<T> callable,
            BiConsumer<T, Throwable> handler,
            long initialDelayMillis,
            long periodMillis) {
        periodic = () -> call(callable, handler);
    }

    @Override
    public void assignSplits(SplitsAssignment<S> assignment) {
        assignment.assignment().values().forEach(assigned::addAll);
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return readers;
    }

    @Override
    public int currentParallelism() {
        return 1;
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        coordinator.add(runnable);
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
        backlog.add(isProcessingBacklog);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void sendEventToSourceReader(int reader, SourceEvent event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void signalNoMoreSplits(int reader) {
        throw new UnsupportedOperationException();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One watch on a range of keys, up to its first failure. jetcd would resume a failed watch by
 * itself, but from the revision of the server at the watch's creation if no event had come yet, and
 * so past events; that is why the first failure ends this one. Used by one thread.
 */
final class EtcdWatch implements AutoCloseable {

    private record Signal(WatchResponse response, Throwable failure) {}

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private Watch.Watcher watcher;

    private EtcdWatch() {}

    static EtcdWatch start(Watch client, ByteSequence from, ByteSequence end, long revision)
            throws IOException {
        WatchOption option =
                WatchOption.builder()
                        .withRange(end)
                        .withRevision(revision)
                        .withCreateNotify(true)
                        .withProgressNotify(true)
                        // a member that is cut off from its cluster must not keep us waiting
                        .withRequireLeader(true)
                        .build();
        EtcdWatch watch = new EtcdWatch();
        try {
            watch.watcher = client.watch(from, option, watch.listener());
        } catch (RuntimeException e) {
            throw new IOException("the watch on etcd cannot start", e);
        }
        return watch;
    }

    private Watch.Listener listener() {
        return Watch.listener(
                response -> signals.add(new Signal(response, null)),
                failure -> signals.add(new Signal(null, failure)),
                () -> signals.add(new Signal(null, new IOException("etcd ended the watch"))));
    }

    /**
     * The next response: its events are of whole revisions, in order; a sign of life has none.
     *
     * @return empty when none came in time
     * @throws IOException when the watch is lost, for good
     */
    Optional<WatchResponse> poll(Duration wait) throws IOException, InterruptedException {
        Signal signal = signals.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (signal == null) {
            return Optional.empty();
        }
        if (signal.failure() != null) {
            throw new IOException(
                    "the watch on etcd is lost: " + signal.failure().getMessage(),
                    signal.failure());
        }
        return Optional.of(signal.response());
    }

    /** Asks etcd for a sign of life, which comes as a response. */
    void requestProgress() throws IOException {
        try {
            watcher.requestProgress();
        } catch (RuntimeException e) {
            throw new IOException("the watch on etcd is lost: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            watcher.close();
        } catch (IllegalStateException e) {
            // jetcd half-closes the stream once more when etcd has already ended it
            signals.clear();
        }
    }
}

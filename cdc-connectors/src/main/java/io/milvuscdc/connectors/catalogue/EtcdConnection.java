// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.OptionsUtil;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import io.milvuscdc.connectors.tls.TlsFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client of the source's etcd whose reads are linearizable, bounded in time, and fail with words
 * that say what to check. One thread at a time; {@link #close} may come from any.
 */
final class EtcdConnection implements AutoCloseable {

    private static final int PAGE = 500;
    private static final String PERMISSION_DENIED = "permission denied";

    private final EtcdConfig config;
    private final EtcdClient client;

    EtcdConnection(EtcdConfig config) {
        this.config = config;
        this.client = new EtcdClient(config);
    }

    /** The keys of some prefixes as they were at one revision; tombstones are left out. */
    record Listing(long revision, TreeMap<String, EtcdValue> live, List<String> tombstones) {}

    /**
     * Reads every key under the prefixes at one revision, which is not older than this call.
     *
     * @param minModRevision leaves out keys that were put before it; 0 for all of them
     */
    Listing list(List<String> prefixes, long minModRevision, Duration bound) throws IOException {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            try {
                return listOnce(prefixes, minModRevision, deadline);
            } catch (IOException e) {
                // the revision of the first page was compacted away before the last page
                if (!isCompacted(e) || System.nanoTime() >= deadline) {
                    throw e;
                }
            }
        }
    }

    private Listing listOnce(List<String> prefixes, long minModRevision, long deadline)
            throws IOException {
        TreeMap<String, EtcdValue> live = new TreeMap<>();
        List<String> tombstones = new ArrayList<>();
        long revision = 0;
        for (String prefix : prefixes) {
            ByteSequence from = bytes(prefix);
            ByteSequence end = OptionsUtil.prefixEndOf(from);
            boolean more = true;
            while (more) {
                GetOption.Builder option =
                        GetOption.builder().withRange(end).withLimit(PAGE).withRevision(revision);
                if (minModRevision > 0) {
                    option.withMinModRevision(minModRevision);
                }
                GetResponse page = get(from, option.build(), deadline);
                if (revision == 0) {
                    revision = page.getHeader().getRevision();
                }
                for (KeyValue kv : page.getKvs()) {
                    EtcdValue value = value(kv);
                    if (value.isTombstone()) {
                        tombstones.add(key(kv));
                    } else {
                        live.put(key(kv), value);
                    }
                }
                more = page.isMore() && !page.getKvs().isEmpty();
                if (more) {
                    from = after(page.getKvs().get(page.getKvs().size() - 1).getKey());
                }
            }
        }
        return new Listing(revision, live, tombstones);
    }

    /** Reads only the keys under a prefix, in their order, tombstones included. */
    List<String> keys(String prefix, Duration bound) throws IOException {
        GetOption option =
                GetOption.builder()
                        .withRange(OptionsUtil.prefixEndOf(bytes(prefix)))
                        .withKeysOnly(true)
                        .build();
        GetResponse response = get(bytes(prefix), option, System.nanoTime() + bound.toNanos());
        return response.getKvs().stream().map(EtcdConnection::key).toList();
    }

    /** How many keys there are under a prefix. */
    long count(String prefix, Duration bound) throws IOException {
        GetOption option =
                GetOption.builder()
                        .withRange(OptionsUtil.prefixEndOf(bytes(prefix)))
                        .withCountOnly(true)
                        .build();
        return get(bytes(prefix), option, System.nanoTime() + bound.toNanos()).getCount();
    }

    /** Watches {@code [from, end)} from a revision on; the caller closes it. */
    EtcdWatch watch(String from, ByteSequence end, long revision) throws IOException {
        return EtcdWatch.start(client.get().getWatchClient(), bytes(from), end, revision);
    }

    private GetResponse get(ByteSequence key, GetOption option, long deadline) throws IOException {
        CompletableFuture<GetResponse> call = client.get().getKVClient().get(key, option);
        try {
            GetResponse response =
                    call.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            client.setFailing(false);
            return response;
        } catch (TimeoutException e) {
            client.setFailing(true);
            call.cancel(true);
            throw new SourceUnreachableException(
                    config + " did not answer in time: is it running, healthy and reachable?", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            client.setFailing(!isCompacted(cause));
            throw failed(cause);
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + config);
        }
    }

    private IOException failed(Throwable cause) {
        String message = config + " " + inWords(cause);
        if (isRefusal(cause)) {
            return new SourceRefusedException(message, cause);
        }
        return isUnreachable(messages(cause))
                ? new SourceUnreachableException(message, cause)
                : new IOException(message, cause);
    }

    private static boolean isUnreachable(String said) {
        return said.contains("UNAVAILABLE") || said.contains("DEADLINE_EXCEEDED");
    }

    /**
     * Whether etcd answers the same until somebody changes a login, a permission or a certificate.
     * A token that it doesn't know is no such answer: it forgets them when it's started again.
     */
    static boolean isRefusal(Throwable failure) {
        String said = messages(failure);
        return TlsFailure.explain(failure).isPresent()
                || isWrongLogin(said)
                || said.contains(PERMISSION_DENIED);
    }

    static boolean isPermissionDenied(Throwable failure) {
        return messages(failure).contains(PERMISSION_DENIED);
    }

    private static boolean isWrongLogin(String said) {
        return said.contains("authentication failed") || said.contains("user name is empty");
    }

    static String inWords(Throwable failure) {
        Optional<String> tlsFault = TlsFailure.explain(failure);
        if (tlsFault.isPresent()) {
            return "can't be reached by TLS: " + tlsFault.get();
        }
        String said = messages(failure);
        if (isWrongLogin(said) || said.contains("invalid auth token")) {
            return "refuses the login: check the etcd username and password (" + said + ")";
        }
        if (said.contains("authentication is not enabled")) {
            return "has no logins: leave the etcd username empty (" + said + ")";
        }
        if (said.contains(PERMISSION_DENIED)) {
            return "denies reading: grant the etcd user read on the meta root (" + said + ")";
        }
        if (isUnreachable(said)) {
            return "cannot be reached: check the endpoints and that etcd runs (" + said + ")";
        }
        return "failed a read: " + said;
    }

    /** A failed login, for example, is the cause of the cause. */
    private static String messages(Throwable failure) {
        StringJoiner messages = new StringJoiner("; ");
        for (Throwable t = failure; t != null; t = t.getCause()) {
            messages.add(String.valueOf(t.getMessage()));
        }
        return messages.toString();
    }

    /** Whether a read or a watch failed because etcd has forgotten the revision it asks for. */
    static boolean isCompacted(Throwable failure) {
        return messages(failure).contains("compacted");
    }

    static ByteSequence bytes(String key) {
        return ByteSequence.from(key, UTF_8);
    }

    static String key(KeyValue kv) {
        return kv.getKey().toString(UTF_8);
    }

    static EtcdValue value(KeyValue kv) {
        return new EtcdValue(
                UnsafeByteOperations.unsafeWrap(kv.getValue().getBytes()), kv.getModRevision());
    }

    private static ByteSequence after(ByteSequence key) {
        return key.concat(ByteSequence.from(new byte[] {0}));
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return config.toString();
    }
}

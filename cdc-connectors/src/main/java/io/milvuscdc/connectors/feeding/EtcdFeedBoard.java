// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.milvuscdc.connectors.catalogue.EtcdClient;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Notes in the source's etcd, which every job of a source has, outside of what Milvus keeps there.
 * A key is {@code milvus-cdc/feeding/}, the meta root, the target, the owner and the member; its
 * value is a line for people.
 */
final class EtcdFeedBoard implements FeedBoard {

    static final String ROOT = "milvus-cdc/feeding/";

    private static final Duration BOUND = Duration.ofSeconds(3);
    private static final String LAPSED = "lease not found";

    private final EtcdConfig config;
    private final EtcdClient client;
    private final String prefix;
    private final ByteSequence key;
    private final Feeder feeder;

    EtcdFeedBoard(EtcdConfig config, FeedTarget target, Feeder feeder) {
        this.config = config;
        this.client = new EtcdClient(config);
        this.prefix = ROOT + config.metaRoot() + "/" + target.address() + "/";
        this.key = bytes(prefix + feeder.owner() + "/" + feeder.member());
        this.feeder = feeder;
    }

    @Override
    public List<Note> notes() throws IOException {
        GetOption all = GetOption.builder().isPrefix(true).build();
        return notes(call(c -> c.getKVClient().get(bytes(prefix), all)).getKvs());
    }

    @Override
    public long grant(Duration ttl) throws IOException {
        return call(c -> c.getLeaseClient().grant(ttl.toSeconds())).getID();
    }

    @Override
    public List<Note> put(long lease) throws IOException {
        String words =
                feeder
                        + " on "
                        + LocalHost.name()
                        + ", since "
                        + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Op put = Op.put(key, bytes(words), PutOption.builder().withLeaseId(lease).build());
        Op look = Op.get(bytes(prefix), GetOption.builder().isPrefix(true).build());
        TxnResponse answer = call(c -> c.getKVClient().txn().Then(put, look).commit());
        return notes(
                answer.getGetResponses().stream().flatMap(get -> get.getKvs().stream()).toList());
    }

    @Override
    public Optional<Note> own() throws IOException {
        return notes(call(c -> c.getKVClient().get(key)).getKvs()).stream().findFirst();
    }

    @Override
    public boolean renew(long lease) throws IOException {
        try {
            return call(c -> c.getLeaseClient().keepAliveOnce(lease)).getTTL() > 0;
        } catch (IOException e) {
            if (hasLapsed(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void revoke(long lease) throws IOException {
        try {
            call(c -> c.getLeaseClient().revoke(lease));
        } catch (IOException e) {
            if (!hasLapsed(e)) {
                throw e;
            }
        }
    }

    private static boolean hasLapsed(IOException e) {
        return String.valueOf(e.getMessage()).contains(LAPSED);
    }

    private List<Note> notes(List<KeyValue> found) {
        return found.stream()
                .map(
                        kv ->
                                new Note(
                                        owner(kv.getKey().toString(UTF_8)),
                                        kv.getValue().toString(UTF_8),
                                        kv.getLease(),
                                        kv.getCreateRevision()))
                .toList();
    }

    private String owner(String noteKey) {
        return noteKey.substring(prefix.length()).replaceFirst("/.*", "");
    }

    private <T> T call(Function<Client, CompletableFuture<T>> call) throws IOException {
        CompletableFuture<T> answer = call.apply(client.get());
        try {
            T result = answer.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
            client.setFailing(false);
            return result;
        } catch (TimeoutException e) {
            client.setFailing(true);
            answer.cancel(true);
            throw new SourceUnreachableException(
                    config + " did not answer in time: is it running, healthy and reachable?", e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + config);
        }
    }

    private IOException failed(Throwable cause) {
        if (EtcdClient.isPermissionDenied(cause)) {
            client.setFailing(false);
            return new FeedBoardDeniedException(
                    "the etcd user may not read and write below '" + ROOT + "' of " + config);
        }
        client.setFailing(true);
        String message = config + " " + EtcdClient.inWords(cause);
        return EtcdClient.isRefusal(cause)
                ? new SourceRefusedException(message, cause)
                : new SourceUnreachableException(message, cause);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}

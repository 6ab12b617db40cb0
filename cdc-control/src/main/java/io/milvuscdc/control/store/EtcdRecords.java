// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static io.milvuscdc.control.store.StoreKeys.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Go tool's keys in an etcd. Reads are linearizable; a write is one transaction that holds only
 * while this process owns the root path and the key is as it was.
 */
final class EtcdRecords implements Records {

    private final EtcdSession etcd;
    private final StoreKeys keys;
    private final EtcdLease lease;
    private final Ownership ownership;

    private EtcdRecords(EtcdSession etcd, StoreKeys keys, EtcdLease lease, Ownership ownership) {
        this.etcd = etcd;
        this.keys = keys;
        this.lease = lease;
        this.ownership = ownership;
    }

    /**
     * Waits until this process owns the root path.
     *
     * @param config its meta root is the root path
     * @param onLost see {@link Ownership#await}
     */
    static EtcdRecords open(EtcdConfig config, Duration ttl, String owner, Runnable onLost)
            throws StoreException, InterruptedException {
        EtcdSession etcd = new EtcdSession(config);
        try {
            StoreKeys keys = new StoreKeys(config.metaRoot());
            EtcdLease lease = new EtcdLease(etcd, keys, ttl, owner);
            return new EtcdRecords(etcd, keys, lease, Ownership.await(lease, ttl, onLost));
        } catch (StoreException | InterruptedException e) {
            etcd.close();
            throw e;
        }
    }

    @Override
    public List<StoredRecord> list() throws StoreException {
        List<StoredRecord> records = new ArrayList<>();
        for (KeyValue kv : below(keys.tasks())) {
            keys.taskId(kv.getKey().toString(UTF_8))
                    .ifPresent(taskId -> records.add(record(taskId, kv)));
        }
        return records;
    }

    private List<KeyValue> below(String prefix) throws StoreException {
        GetOption option = GetOption.builder().isPrefix(true).build();
        return etcd.call(
                        "list the keys below " + prefix,
                        client -> client.getKVClient().get(bytes(prefix), option))
                .getKvs();
    }

    @Override
    public Optional<StoredRecord> find(String taskId) throws StoreException {
        return find(etcd, keys, taskId);
    }

    /** A task's value below a root path that another process may own. */
    static Optional<StoredRecord> find(EtcdSession etcd, StoreKeys keys, String taskId)
            throws StoreException {
        String key = keys.task(taskId);
        GetResponse answer =
                etcd.call("read the key " + key, client -> client.getKVClient().get(bytes(key)));
        return answer.getKvs().stream().findFirst().map(kv -> record(taskId, kv));
    }

    @Override
    public Optional<StoredRecord> write(String taskId, String json, Optional<StoredRecord> expected)
            throws StoreException {
        ownership.check();
        String key = keys.task(taskId);
        Cmp unchanged =
                new Cmp(
                        bytes(key),
                        Cmp.Op.EQUAL,
                        expected.isEmpty()
                                ? CmpTarget.version(0)
                                : CmpTarget.modRevision(expected.get().version()));
        TxnResponse answer =
                commit(
                        "write the key " + key,
                        List.of(unchanged),
                        Op.put(bytes(key), bytes(json), PutOption.DEFAULT));
        if (!answer.isSucceeded()) {
            refuseWhenNotHeld(answer);
            return Optional.empty();
        }
        return Optional.of(new StoredRecord(taskId, key, json, answer.getHeader().getRevision()));
    }

    @Override
    public void delete(String taskId) throws StoreException {
        ownership.check();
        TxnResponse answer =
                commit(
                        "delete the key " + keys.task(taskId),
                        List.of(),
                        Op.delete(bytes(keys.task(taskId)), DeleteOption.DEFAULT),
                        Op.delete(
                                bytes(keys.positions(taskId)),
                                DeleteOption.builder().isPrefix(true).build()));
        if (!answer.isSucceeded()) {
            refuseWhenNotHeld(answer);
        }
    }

    private TxnResponse commit(String what, List<Cmp> conditions, Op... changes)
            throws StoreException {
        List<Cmp> all = new ArrayList<>(conditions);
        all.add(lease.held());
        return etcd.call(
                what,
                client ->
                        client.getKVClient()
                                .txn()
                                .If(all.toArray(Cmp[]::new))
                                .Then(changes)
                                .Else(Op.get(bytes(keys.owner()), GetOption.DEFAULT))
                                .commit());
    }

    private void refuseWhenNotHeld(TxnResponse answer) throws StoreException {
        ByteSequence owner =
                answer.getGetResponses().get(0).getKvs().stream()
                        .findFirst()
                        .map(KeyValue::getValue)
                        .orElse(ByteSequence.EMPTY);
        if (!lease.isHeldBy(owner)) {
            throw new StoreException(
                    "this control plane no longer owns "
                            + lease.describe()
                            + " and must not change it"
                            + (owner.isEmpty() ? "" : ": " + owner.toString(UTF_8) + " owns it"));
        }
    }

    @Override
    public void probe() throws StoreException {
        etcd.call(
                "read the key " + keys.owner(),
                client -> client.getKVClient().get(bytes(keys.owner())));
    }

    @Override
    public List<GoCheckpoint> checkpoints(String taskId) throws StoreException {
        GoCheckpointCodec codec = new GoCheckpointCodec();
        List<GoCheckpoint> checkpoints = new ArrayList<>();
        for (KeyValue kv : below(keys.positions(taskId))) {
            try {
                checkpoints.add(codec.decode(kv.getValue().toString(UTF_8)));
            } catch (IOException e) {
                throw new StoreException(
                        "the key "
                                + kv.getKey().toString(UTF_8)
                                + " holds no position: "
                                + e.getMessage(),
                        e);
            }
        }
        return checkpoints;
    }

    private static StoredRecord record(String taskId, KeyValue kv) {
        return new StoredRecord(
                taskId,
                kv.getKey().toString(UTF_8),
                kv.getValue().toString(UTF_8),
                kv.getModRevision());
    }

    @Override
    public void close() throws StoreException {
        try {
            ownership.close();
        } finally {
            etcd.close();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static io.milvuscdc.control.store.StoreKeys.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A key with an etcd lease, and beside it one without, which tells whether somebody else was the
 * owner after the lease had lapsed.
 */
final class EtcdLease implements StoreLease {

    private final EtcdSession etcd;
    private final StoreKeys keys;
    private final Duration ttl;
    private final String owner;
    private volatile long leaseId;

    /**
     * A lease that isn't taken yet.
     *
     * @param owner who takes it, in words that no other process uses
     */
    EtcdLease(EtcdSession etcd, StoreKeys keys, Duration ttl, String owner) {
        this.etcd = etcd;
        this.keys = keys;
        this.ttl = ttl;
        this.owner = owner;
    }

    @Override
    public Optional<String> take() throws StoreException {
        return take(List.of());
    }

    private Optional<String> take(List<Cmp> conditions) throws StoreException {
        long fresh =
                etcd.call(
                                "ask for a lease",
                                client -> client.getLeaseClient().grant(ttl.toSeconds()))
                        .getID();
        Cmp free = new Cmp(bytes(keys.owner()), Cmp.Op.EQUAL, CmpTarget.version(0));
        TxnResponse answer =
                take(fresh, Stream.concat(conditions.stream(), Stream.of(free)).toList());
        if (!answer.isSucceeded() && isHeldBy(valueIn(answer, 0))) {
            // an earlier try got through without an answer; nobody else writes this value
            answer = take(fresh, List.of(held()));
        }
        if (answer.isSucceeded()) {
            leaseId = fresh;
            return Optional.empty();
        }
        revoke(fresh);
        return Stream.of(valueIn(answer, 0), valueIn(answer, 1))
                .filter(value -> !value.isEmpty())
                .map(value -> value.toString(UTF_8))
                .findFirst()
                .or(() -> Optional.of("an unknown one"));
    }

    /** Gives the values of both keys when the conditions don't hold. */
    private TxnResponse take(long lease, List<Cmp> conditions) throws StoreException {
        PutOption whileItHolds = PutOption.builder().withLeaseId(lease).build();
        return etcd.call(
                "take the key " + keys.owner(),
                client ->
                        client.getKVClient()
                                .txn()
                                .If(conditions.toArray(Cmp[]::new))
                                .Then(
                                        Op.put(bytes(keys.owner()), bytes(owner), whileItHolds),
                                        Op.put(
                                                bytes(keys.lastOwner()),
                                                bytes(owner),
                                                PutOption.DEFAULT))
                                .Else(
                                        Op.get(bytes(keys.owner()), GetOption.DEFAULT),
                                        Op.get(bytes(keys.lastOwner()), GetOption.DEFAULT))
                                .commit());
    }

    /** Empty when there's no such key. */
    private static ByteSequence valueIn(TxnResponse answer, int get) {
        return answer.getGetResponses().get(get).getKvs().stream()
                .findFirst()
                .map(KeyValue::getValue)
                .orElse(ByteSequence.EMPTY);
    }

    @Override
    public boolean renew() throws StoreException {
        try {
            long id = leaseId;
            boolean alive =
                    etcd.call("renew the lease", c -> c.getLeaseClient().keepAliveOnce(id)).getTTL()
                            > 0;
            return (alive && isHeldBy(owner())) || takeAgain();
        } catch (StoreException e) {
            if (String.valueOf(e.getMessage()).contains("lease not found")) {
                return takeAgain();
            }
            throw e;
        }
    }

    private ByteSequence owner() throws StoreException {
        return etcd
                .call(
                        "read the key " + keys.owner(),
                        client -> client.getKVClient().get(bytes(keys.owner())))
                .getKvs()
                .stream()
                .findFirst()
                .map(KeyValue::getValue)
                .orElse(ByteSequence.EMPTY);
    }

    private boolean takeAgain() throws StoreException {
        return take(List.of(lastOwnerIsThis())).isEmpty();
    }

    private Cmp lastOwnerIsThis() {
        return new Cmp(bytes(keys.lastOwner()), Cmp.Op.EQUAL, CmpTarget.value(bytes(owner)));
    }

    /** Holds as long as this process is the owner; a write that depends on it is refused else. */
    Cmp held() {
        return new Cmp(bytes(keys.owner()), Cmp.Op.EQUAL, CmpTarget.value(bytes(owner)));
    }

    /** Whether the value of the owner's key is this process'. */
    boolean isHeldBy(ByteSequence value) {
        return value.equals(bytes(owner));
    }

    @Override
    public void release() throws StoreException {
        revoke(leaseId);
    }

    private void revoke(long id) throws StoreException {
        etcd.call("give back the lease", client -> client.getLeaseClient().revoke(id));
    }

    @Override
    public String describe() {
        return "the root path '" + keys.root() + "' in " + etcd;
    }
}

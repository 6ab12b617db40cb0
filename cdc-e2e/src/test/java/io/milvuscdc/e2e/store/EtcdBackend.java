// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.e2e.servers.EtcdServer;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A real etcd. */
final class EtcdBackend implements StoreBackend {

    private final EtcdServer server =
            EtcdServer.start(
                    ServerCache.fetch(), new FreePorts(), ServerDirectory.of("store-etcd"));
    private final Client client = Client.builder().endpoints("http://" + server.endpoint()).build();

    @Override
    public StoreSettings settings(String rootPath) {
        return new StoreSettings(
                StoreSettings.Type.ETCD,
                rootPath,
                Path.of("unused"),
                new EtcdConfig(List.of(server.endpoint()), rootPath, "", ""),
                Optional.empty(),
                Duration.ofSeconds(5),
                "");
    }

    @Override
    public Map<String, String> tasks(String rootPath) throws Exception {
        Map<String, String> tasks = new TreeMap<>();
        String prefix = join(rootPath, "task_info/");
        for (KeyValue kv : below(prefix)) {
            tasks.put(
                    kv.getKey().toString(UTF_8).substring(prefix.length()),
                    kv.getValue().toString(UTF_8));
        }
        return tasks;
    }

    @Override
    public void putTask(String rootPath, String taskId, String json) throws Exception {
        put(join(rootPath, "task_info/" + taskId), json);
    }

    @Override
    public void putPosition(String rootPath, String taskId, GoPosition position) throws Exception {
        put(
                join(rootPath, "task_position/" + taskId + "/" + position.collectionId()),
                position.json(taskId));
    }

    @Override
    public List<String> positions(String rootPath, String taskId) throws Exception {
        return below(join(rootPath, "task_position/" + taskId + "/")).stream()
                .map(kv -> kv.getKey().toString(UTF_8))
                .toList();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void usurp(String rootPath) throws Exception {
        put(join(rootPath, "flink/owner"), "somebody else");
        put(join(rootPath, "flink/last_owner"), "somebody else");
    }

    /**
     * The owner's lease lapses, and it takes the root path again, of which it gets no answer: the
     * key is its, and it doesn't know the lease.
     */
    void takeAgainUnheard(String rootPath) throws Exception {
        KeyValue owner = owner(rootPath);
        // without the lease, which would take it along
        put(owner.getKey().toString(UTF_8), owner.getValue().toString(UTF_8));
        client.getLeaseClient().revoke(owner.getLease()).get();
    }

    /** Whether the owner's key goes when its lease isn't renewed. */
    boolean ownerHasLease(String rootPath) throws Exception {
        return owner(rootPath).getLease() != 0;
    }

    private KeyValue owner(String rootPath) throws Exception {
        return below(join(rootPath, "flink/owner")).get(0);
    }

    void put(String key, String value) throws Exception {
        client.getKVClient().put(bytes(key), bytes(value)).get();
    }

    private List<KeyValue> below(String prefix) throws Exception {
        return client.getKVClient()
                .get(bytes(prefix), GetOption.builder().isPrefix(true).build())
                .get()
                .getKvs();
    }

    /** As Go's path.Join. */
    private static String join(String rootPath, String rest) {
        String joined = (rootPath + "/" + rest).replaceAll("/+", "/");
        return rootPath.startsWith("/") ? joined : joined.replaceFirst("^/", "");
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}

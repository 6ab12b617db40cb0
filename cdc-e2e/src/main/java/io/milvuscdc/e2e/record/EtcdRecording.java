// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.record;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the keys below a meta root that a catalogue reads to a file: key, value (an int length
 * ahead of each) and modification revision (a long), by key.
 */
final class EtcdRecording {

    private static final List<String> PREFIXES =
            List.of("field-index/", "querycoord-", "root-coord/");

    private EtcdRecording() {}

    /** Writes it and returns the keys. */
    static List<String> write(String endpoint, String metaRoot, Path file) throws IOException {
        List<KeyValue> found;
        try (Client client = Client.builder().endpoints("http://" + endpoint).build()) {
            ByteSequence root = bytes(metaRoot + "/");
            found =
                    client
                            .getKVClient()
                            .get(root, GetOption.builder().isPrefix(true).build())
                            .join()
                            .getKvs()
                            .stream()
                            .filter(kv -> isWanted(text(kv).substring(metaRoot.length() + 1)))
                            .toList();
        }
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (KeyValue kv : found) {
                writeBytes(out, kv.getKey());
                writeBytes(out, kv.getValue());
                out.writeLong(kv.getModRevision());
            }
        }
        return found.stream().map(EtcdRecording::text).toList();
    }

    private static boolean isWanted(String key) {
        return PREFIXES.stream().anyMatch(key::startsWith)
                && !key.startsWith("root-coord/credential/");
    }

    private static void writeBytes(DataOutputStream out, ByteSequence bytes) throws IOException {
        out.writeInt(bytes.size());
        out.write(bytes.getBytes());
    }

    private static String text(KeyValue kv) {
        return kv.getKey().toString(StandardCharsets.UTF_8);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}

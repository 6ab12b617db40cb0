// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.tls.PemFiles;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;

/** Reads the PEM files that settings name. A file that can't be used is a problem of its key. */
final class TlsReader {

    private final YamlSettings yaml;

    TlsReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    /** Paths of keys of the yaml, in whose words problems are told. */
    record Keys(String trusted, String certificate, String key) {}

    /**
     * What the files hold.
     *
     * @param minVersion {@code TLSv1.2} or {@code TLSv1.3}
     */
    TlsConfig read(Keys keys, String minVersion) {
        String trusted = certificates(keys.trusted());
        String certificate = certificates(keys.certificate());
        String keyPath = yaml.text(keys.key(), "");
        String key = "";
        if (certificate.isEmpty() != keyPath.isEmpty()) {
            yaml.problem(keys.certificate() + " and " + keys.key() + " go together");
        } else if (!keyPath.isEmpty()) {
            key = key(keys.key(), keyPath);
        }
        TlsConfig tls =
                new TlsConfig(trusted, key.isEmpty() ? "" : certificate, key, "", minVersion);
        try {
            tls.keyManagers();
        } catch (TlsException e) {
            yaml.problem(keys.certificate() + ": " + e.getMessage());
        }
        return tls;
    }

    private String certificates(String path) {
        String file = yaml.text(path, "");
        try {
            return file.isEmpty() ? "" : PemFiles.certificates(path, yaml.file(file));
        } catch (TlsException e) {
            yaml.problem(e.getMessage());
            return "";
        }
    }

    private String key(String path, String file) {
        try {
            return PemFiles.key(path, yaml.file(file));
        } catch (TlsException e) {
            yaml.problem(e.getMessage());
            return "";
        }
    }
}

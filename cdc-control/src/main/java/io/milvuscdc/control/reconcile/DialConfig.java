// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.tls.PemFiles;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code dial_config} of a target: whom to trust and who we are. Its files are on the host of the
 * control plane and are read when a job starts; the job carries their content, so its task managers
 * may be anywhere.
 *
 * @param serverPem the target's own certificate, or its authority's; one-way TLS
 * @param caPem the certificate of the target's authority
 * @param clientPem with {@code clientKey} what we show; two-way TLS
 */
record DialConfig(
        String serverName, String serverPem, String caPem, String clientPem, String clientKey) {

    private static final Logger LOG = LoggerFactory.getLogger(DialConfig.class);
    private static final String PREFIX = "dial_config.";

    /** Takes the keys of the request; absent ones are empty. */
    static DialConfig of(Map<String, String> keys) {
        return new DialConfig(
                keys.getOrDefault("server_name", ""),
                keys.getOrDefault("server_pem_path", ""),
                keys.getOrDefault("ca_pem_path", ""),
                keys.getOrDefault("client_pem_path", ""),
                keys.getOrDefault("client_key_path", ""));
    }

    /** Whether it asks for TLS, whatever the target's address begins with. */
    boolean wantsTls() {
        return Stream.of(serverPem, caPem, clientPem, clientKey).anyMatch(path -> !path.isEmpty());
    }

    /**
     * Reads the files.
     *
     * @throws FatalTargetException one of them can't be used, or one of a pair is missing
     */
    TlsConfig read() {
        if (clientPem.isEmpty() != clientKey.isEmpty()) {
            throw new FatalTargetException(
                    PREFIX
                            + "client_pem_path and client_key_path go together, but "
                            + (clientPem.isEmpty() ? "client_pem_path" : "client_key_path")
                            + " is missing");
        }
        String trusted =
                Stream.of(
                                certificates("server_pem_path", serverPem),
                                certificates("ca_pem_path", caPem))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("\n"));
        TlsConfig tls =
                new TlsConfig(
                        trusted,
                        certificates("client_pem_path", clientPem),
                        key(clientKey),
                        serverName,
                        TlsConfig.TLS_1_2);
        requireUsable(tls);
        return tls;
    }

    private static void requireUsable(TlsConfig tls) {
        try {
            tls.trustManagers();
            tls.keyManagers();
        } catch (TlsException e) {
            throw new FatalTargetException(
                    PREFIX
                            + "client_key_path isn't the key of the certificate in client_pem_path:"
                            + " give the two that were made together");
        }
    }

    private static String certificates(String key, String path) {
        try {
            return path.isEmpty() ? "" : PemFiles.certificates(PREFIX + key, path);
        } catch (TlsException e) {
            throw unusable(key, path, "PEM certificates", e);
        }
    }

    private static String key(String path) {
        try {
            return path.isEmpty() ? "" : PemFiles.key(PREFIX + "client_key_path", path);
        } catch (TlsException e) {
            throw unusable("client_key_path", path, "an unencrypted PEM key", e);
        }
    }

    /** The same for every cause, so that callers of the API can't find out what files there are. */
    private static FatalTargetException unusable(
            String key, String path, String wanted, TlsException cause) {
        LOG.warn("{}", cause.getMessage());
        return new FatalTargetException(
                PREFIX
                        + key
                        + ": '"
                        + path
                        + "' can't be read as a file with "
                        + wanted
                        + " on the host of the control plane; its log says why");
    }
}

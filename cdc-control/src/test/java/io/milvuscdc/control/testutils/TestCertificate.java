// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate for localhost, made by the JDK's keytool. */
public final class TestCertificate {

    private static final String PASSWORD = "of-the-test";

    private TestCertificate() {}

    public static TlsConfig create(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "own",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-validity",
                                "1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD)
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new TlsConfig(
                "",
                pem("CERTIFICATE", store.getCertificate("own").getEncoded()),
                pem("PRIVATE KEY", store.getKey("own", PASSWORD.toCharArray()).getEncoded()),
                "",
                TlsConfig.TLS_1_2);
    }

    /** A client that trusts this certificate and no other. */
    public static SSLContext trust(TlsConfig server) throws Exception {
        TlsConfig client = new TlsConfig(server.certificate(), "", "", "", TlsConfig.TLS_1_2);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, client.trustManagers().getTrustManagers(), null);
        return context;
    }

    /** A client that trusts the server's certificate and shows its own, if it has one. */
    public static HttpClient client(TlsConfig server, TlsConfig own) throws Exception {
        TlsConfig both =
                new TlsConfig(
                        server.certificate(), own.certificate(), own.key(), "", TlsConfig.TLS_1_2);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = both.keyManagers();
        context.init(
                keys == null ? null : keys.getKeyManagers(),
                both.trustManagers().getTrustManagers(),
                null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN "
                + type
                + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content)
                + "\n-----END "
                + type
                + "-----\n";
    }
}

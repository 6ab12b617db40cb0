// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.connectors.tls.TlsFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Finds out what is wrong with a broker's certificate. Pulsar's client only logs it; to whoever
 * asked it says that the connection was closed.
 */
final class TlsCheck {

    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private TlsCheck() {}

    /** What is wrong, in words; empty when nothing is, or it isn't known. */
    static Optional<String> fault(PulsarTls tls, InetSocketAddress broker) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trusted = trusted(tls).trustManagers();
            context.init(null, trusted == null ? null : trusted.getTrustManagers(), null);
            try (Socket plain = new Socket()) {
                plain.connect(
                        new InetSocketAddress(broker.getHostString(), broker.getPort()),
                        TIMEOUT_MILLIS);
                plain.setSoTimeout(TIMEOUT_MILLIS);
                shakeHands(context, plain, broker, tls.verifyHostname());
            }
            return Optional.empty();
        } catch (TlsException e) {
            return Optional.of(e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            return TlsFailure.explain(e);
        }
    }

    private static TlsConfig trusted(PulsarTls tls) throws IOException {
        String file = tls.trustCertsFile();
        String certificates = file.isEmpty() ? "" : Files.readString(Path.of(file));
        return new TlsConfig(certificates, "", "", "", TlsConfig.TLS_1_2);
    }

    private static void shakeHands(
            SSLContext context, Socket plain, InetSocketAddress broker, boolean verifyHostname)
            throws IOException {
        try (SSLSocket secured =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(
                                        plain, broker.getHostString(), broker.getPort(), true)) {
            if (verifyHostname) {
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
            }
            secured.startHandshake();
        }
    }
}

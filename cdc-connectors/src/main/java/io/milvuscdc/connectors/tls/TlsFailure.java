// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in words why a TLS connection didn't come about, and what to do. */
public final class TlsFailure {

    /** The alerts of TLS that are about a certificate; others may be a server that ends. */
    private static final List<String> REFUSALS =
            List.of(
                    "bad_certificate",
                    "unsupported_certificate",
                    "certificate_revoked",
                    "certificate_expired",
                    "certificate_unknown",
                    "certificate_required",
                    "unknown_ca",
                    "access_denied",
                    "decrypt_error",
                    "handshake_failure");

    private TlsFailure() {}

    /**
     * The fault behind a failure to connect; empty when it isn't one of certificates, names or
     * versions, which the next attempt could overcome.
     */
    public static Optional<String> explain(Throwable failure) {
        for (Throwable link = failure; link != null; link = link.getCause()) {
            String said = String.valueOf(link.getMessage());
            if (link instanceof CertificateException) {
                return Optional.of(certificate(link, said));
            }
            if (link instanceof SSLException) {
                Optional<String> words = handshake(said.toLowerCase(Locale.ROOT));
                if (words.isPresent()) {
                    return words;
                }
            }
        }
        return Optional.empty();
    }

    private static String certificate(Throwable failure, String said) {
        String all = messages(failure);
        if (all.contains("No subject alternative") || all.contains("No name matching")) {
            return "its certificate is for another host ("
                    + said
                    + "): connect it by a name that the certificate is for, or set the server name";
        }
        if (all.contains("validity check failed") || all.contains("NotAfter")) {
            return "its certificate has expired or isn't valid yet: renew it, and compare the"
                    + " clocks";
        }
        return "its certificate isn't one that's trusted here ("
                + said
                + "): give the certificate of the authority that signed it";
    }

    private static Optional<String> handshake(String said) {
        if (said.contains("not an ssl/tls record")
                || said.contains("unsupported or unrecognized ssl message")) {
            return Optional.of("it doesn't speak TLS on this port: use http://, or turn TLS on");
        }
        if (said.contains("protocol_version") || said.contains("no appropriate protocol")) {
            return Optional.of("it speaks none of the TLS versions that are allowed here");
        }
        if (said.contains("alert") && REFUSALS.stream().anyMatch(said::contains)) {
            return Optional.of(
                    "it refuses the certificate shown to it, or wants one and got none ("
                            + said
                            + "): give the client certificate and key that it trusts");
        }
        return Optional.empty();
    }

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable link = failure; link != null; link = link.getCause()) {
            messages.append(link).append('\n');
        }
        return messages.toString();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM. What it throws shows nothing of the text. */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

    private Pem() {}

    /** The certificates in their order, other blocks left out. */
    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals("CERTIFICATE")) {
                certificates.add(
                        (X509Certificate)
                                factory.generateCertificate(
                                        new ByteArrayInputStream(decoded(block.group(2)))));
            }
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("it holds no certificate in PEM");
        }
        return certificates;
    }

    /** The first private key; PKCS#8, PKCS#1 and SEC 1 are understood, none of them encrypted. */
    static PrivateKey key(String text) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return key(KEY_ALGORITHMS, decoded(block.group(2)));
                }
                case "RSA PRIVATE KEY" -> {
                    return key(List.of("RSA"), DerKeys.ofRsa(decoded(block.group(2))));
                }
                case "EC PRIVATE KEY" -> {
                    return key(List.of("EC"), ellipticCurve(decoded(block.group(2))));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                        throw new GeneralSecurityException(
                                "it's encrypted, decrypt it with openssl pkey");
                default -> {
                    // EC PARAMETERS, or the certificate in the same file
                }
            }
        }
        // an old encrypted key has headers, which the pattern doesn't take for a key
        throw new GeneralSecurityException("it holds no unencrypted private key in PEM");
    }

    private static byte[] ellipticCurve(byte[] sec1) throws GeneralSecurityException {
        try {
            return DerKeys.ofEllipticCurve(sec1);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("its private key is damaged", e);
        }
    }

    private static PrivateKey key(List<String> algorithms, byte[] pkcs8)
            throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // it's of another algorithm; the JDK has no way to ask which
            }
        }
        throw new GeneralSecurityException(
                "its private key is damaged or of an algorithm other than "
                        + String.join(", ", algorithms));
    }

    private static byte[] decoded(String base64) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // the decoder's text repeats a byte of it
            throw new GeneralSecurityException("its PEM is damaged");
        }
    }
}

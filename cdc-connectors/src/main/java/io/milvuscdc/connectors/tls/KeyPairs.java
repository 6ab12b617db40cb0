// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;

/** Finds out whether a private key is that of a certificate, by signing something. */
final class KeyPairs {

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private KeyPairs() {}

    static void requirePair(PrivateKey privateKey, PublicKey publicKey)
            throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(privateKey.getAlgorithm());
        boolean pair = privateKey.getAlgorithm().equals(publicKey.getAlgorithm());
        if (pair && algorithm != null) {
            byte[] text = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(text);
            pair = signature.verify(signed);
        }
        if (!pair) {
            throw new GeneralSecurityException("the key isn't that of the certificate");
        }
    }
}

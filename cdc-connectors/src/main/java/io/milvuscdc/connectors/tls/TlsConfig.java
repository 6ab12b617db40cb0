// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.io.IOException;
import java.io.Serializable;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a TLS client trusts and who it is. It carries the PEM texts themselves, because it's used on
 * machines that don't have the files. Its text form shows nothing of them.
 *
 * @param trusted PEM certificates of authorities or servers; empty for the authorities of the JDK
 * @param certificate PEM chain that the client shows, its own first; empty when it shows none
 * @param key PEM private key of that certificate; a secret
 * @param serverName what the server's certificate must be for, empty for the host that's connected
 * @param minVersion {@code TLSv1.2} or {@code TLSv1.3}
 */
public record TlsConfig(
        String trusted, String certificate, String key, String serverName, String minVersion)
        implements Serializable {

    private static final long serialVersionUID = 1L;
    public static final String TLS_1_2 = "TLSv1.2";
    public static final String TLS_1_3 = "TLSv1.3";

    /** Trusts the authorities of the JDK and shows no certificate. */
    public static final TlsConfig SYSTEM = new TlsConfig("", "", "", "", TLS_1_2);

    /** The versions that may be spoken. */
    public List<String> versions() {
        return minVersion.equals(TLS_1_3) ? List.of(TLS_1_3) : List.of(TLS_1_2, TLS_1_3);
    }

    /** Whether it shows a certificate of its own. */
    public boolean hasCertificate() {
        return !certificate.isEmpty();
    }

    /**
     * What is trusted, in the JDK's form; null for the authorities of the JDK.
     *
     * @throws TlsException a certificate can't be read
     */
    public TrustManagerFactory trustManagers() throws TlsException {
        KeyStore store = trustStore();
        if (store == null) {
            return null;
        }
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new TlsException("the certificate to trust can't be used: " + e.getMessage(), e);
        }
    }

    /**
     * A key store with what is trusted; null for the authorities of the JDK.
     *
     * @throws TlsException a certificate can't be read
     */
    public KeyStore trustStore() throws TlsException {
        if (trusted.isEmpty()) {
            return null;
        }
        try {
            KeyStore store = emptyStore();
            int number = 0;
            for (X509Certificate authority : Pem.certificates(trusted)) {
                store.setCertificateEntry("trusted-" + number++, authority);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("the certificate to trust can't be used: " + e.getMessage(), e);
        }
    }

    /**
     * The certificate and its key in the JDK's form; null when there's none.
     *
     * @throws TlsException one of the two can't be read, or they don't belong together
     */
    public KeyManagerFactory keyManagers() throws TlsException {
        if (!hasCertificate()) {
            return null;
        }
        try {
            char[] password = new char[0];
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keyStore(password), password);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("the certificate and key can't be used: " + e.getMessage(), e);
        }
    }

    /**
     * A key store with the certificate and its key.
     *
     * @throws TlsException one of the two can't be read, or they don't belong together
     */
    public KeyStore keyStore(char[] password) throws TlsException {
        try {
            List<X509Certificate> chain = Pem.certificates(certificate);
            PrivateKey privateKey = Pem.key(key);
            KeyPairs.requirePair(privateKey, chain.get(0).getPublicKey());
            KeyStore store = emptyStore();
            store.setKeyEntry("own", privateKey, password, chain.toArray(new Certificate[0]));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("the certificate and key can't be used: " + e.getMessage(), e);
        }
    }

    /**
     * The key in the JDK's form.
     *
     * @throws TlsException it can't be read
     */
    public PrivateKey privateKey() throws TlsException {
        try {
            return Pem.key(key);
        } catch (GeneralSecurityException e) {
            throw new TlsException("the key can't be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    @Override
    public String toString() {
        return "TLS, trusting "
                + (trusted.isEmpty() ? "the JDK's authorities" : "given certificates")
                + (hasCertificate() ? ", with a client certificate" : "")
                + (serverName.isEmpty() ? "" : ", server name " + serverName);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import io.milvuscdc.connectors.tls.PemFiles;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A certificate authority of a test's own, and the files that it writes. */
final class Authority {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final Path directory;
    private final X500Name name;
    private final KeyPair keys;
    private final Path certificate;

    /** A certificate and its key, as PEM files. */
    record Issued(Path certificate, Path key) {}

    private Authority(Path directory, String name, KeyPair keys, Path certificate) {
        this.directory = directory;
        this.name = new X500Name("CN=" + name);
        this.keys = keys;
        this.certificate = certificate;
    }

    static Authority create(Path directory, String name) {
        KeyPair keys = newKeys();
        Path file = directory.resolve(name + ".pem");
        Authority authority = new Authority(directory, name, keys, file);
        try {
            Files.createDirectories(directory);
            X509v3CertificateBuilder builder =
                    authority.builder(authority.name, keys, Instant.now().plus(DAY));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            write(file, "CERTIFICATE", authority.sign(builder).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return authority;
    }

    /** The authority's own certificate. */
    Path certificate() {
        return certificate;
    }

    /**
     * What a client trusts and shows: this authority, and a certificate of its own.
     *
     * @param serverName that the server's certificate is for, empty for the address
     */
    TlsConfig clients(Issued own, String serverName) throws TlsException {
        return new TlsConfig(
                PemFiles.certificates("ca", certificate.toString()),
                PemFiles.certificates("own", own.certificate().toString()),
                PemFiles.key("key", own.key().toString()),
                serverName,
                TlsConfig.TLS_1_2);
    }

    /** A certificate for 127.0.0.1 and localhost, with a key in PKCS#8. */
    Issued issue(String owner) {
        return issue(owner, Instant.now().plus(DAY), false);
    }

    /** As {@link #issue}, with a key as older openssl writes it. */
    Issued issueWithOldKey(String owner) {
        return issue(owner, Instant.now().plus(DAY), true);
    }

    private Issued issue(String owner, Instant end, boolean pkcs1) {
        KeyPair own = newKeys();
        Path file = directory.resolve(owner + ".pem");
        Path keyFile = directory.resolve(owner + ".key");
        try {
            X509v3CertificateBuilder builder = builder(new X500Name("CN=" + owner), own, end);
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            List.of(
                                            new GeneralName(GeneralName.dNSName, "localhost"),
                                            new GeneralName(GeneralName.iPAddress, "127.0.0.1"))
                                    .toArray(new GeneralName[0])));
            write(file, "CERTIFICATE", sign(builder).getEncoded());
            writeKey(keyFile, own.getPrivate(), pkcs1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Issued(file, keyFile);
    }

    private static void writeKey(Path file, PrivateKey key, boolean pkcs1) throws IOException {
        if (pkcs1) {
            PemObject pem = new JcaMiscPEMGenerator(key).generate();
            write(file, pem.getType(), pem.getContent());
        } else {
            write(file, "PRIVATE KEY", key.getEncoded());
        }
    }

    private X509v3CertificateBuilder builder(X500Name subject, KeyPair owner, Instant end) {
        return new X509v3CertificateBuilder(
                name,
                BigInteger.valueOf(SERIAL.getAndIncrement()),
                Date.from(Instant.now().minus(DAY)),
                Date.from(end),
                subject,
                SubjectPublicKeyInfo.getInstance(owner.getPublic().getEncoded()));
    }

    private X509CertificateHolder sign(X509v3CertificateBuilder builder) {
        try {
            return builder.build(
                    new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("the JDK can't sign", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no RSA", e);
        }
    }

    private static void write(Path file, String type, byte[] content) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        }
        Files.writeString(file, text.toString());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * Reads PEM files and checks that they hold what they should. Errors name the setting, the file and
 * what's wrong with it, but show nothing of its content.
 */
public final class PemFiles {

    private static final long MAX_BYTES = 1 << 20;

    private PemFiles() {}

    /**
     * The text of a file with at least one certificate.
     *
     * @param setting what named the file, for errors
     */
    public static String certificates(String setting, String path) throws TlsException {
        String text = read(setting, path);
        try {
            Pem.certificates(text);
        } catch (GeneralSecurityException e) {
            throw unusable(setting, path, e);
        }
        return text;
    }

    /**
     * The text of a file with a private key.
     *
     * @param setting what named the file, for errors
     */
    public static String key(String setting, String path) throws TlsException {
        String text = read(setting, path);
        try {
            Pem.key(text);
        } catch (GeneralSecurityException e) {
            throw unusable(setting, path, e);
        }
        return text;
    }

    private static String read(String setting, String path) throws TlsException {
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file) && Files.exists(file)) {
                throw new IOException("it isn't a file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it's longer than a certificate or key");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unusable(setting, path, new IOException("there's no such file", e));
        } catch (IOException | InvalidPathException e) {
            throw unusable(setting, path, e);
        }
    }

    private static TlsException unusable(String setting, String path, Exception why) {
        return new TlsException(
                setting + ": the file '" + path + "' can't be used: " + inWords(why), why);
    }

    private static String inWords(Exception why) {
        return why instanceof java.nio.file.AccessDeniedException
                ? "this process may not read it"
                : String.valueOf(why.getMessage());
    }
}

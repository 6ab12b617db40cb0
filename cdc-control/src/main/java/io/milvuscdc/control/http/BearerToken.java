// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The token that requests must carry, if one is configured. Keeps a digest of it only. */
final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private final byte[] expected;

    BearerToken(String token) {
        this.expected = token.isEmpty() ? null : digest(token);
    }

    /** Whether one is configured. */
    boolean isRequired() {
        return expected != null;
    }

    /**
     * Whether a request may pass. How long it takes tells nothing of the token.
     *
     * @param header the request's Authorization, null when it has none
     */
    boolean admits(String header) {
        if (expected == null) {
            return true;
        }
        boolean bearer =
                header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String given = bearer ? header.substring(SCHEME.length()).trim() : "";
        return MessageDigest.isEqual(expected, digest(given));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

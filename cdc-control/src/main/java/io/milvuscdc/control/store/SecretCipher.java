// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts single texts with AES-256-GCM: {@code enc:v1:} and base64 of a random 12-byte nonce, the
 * encrypted text and a 16-byte tag. Each is bound to the place it's kept at, so that one can't be
 * put in place of another. Without a key it reads and writes texts as they are; with several it
 * writes with the first and reads what any of them wrote. Safe for use by several threads.
 */
public final class SecretCipher {

    /** The key without which secrets are kept as they are. */
    public static final SecretCipher NONE = new SecretCipher(List.of());

    private static final String PREFIX = "enc:v1:";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String HOW =
            "it must be base64 of 32 random bytes, as 'openssl rand -base64 32' prints";

    private final List<SecretKeySpec> keys;
    private final SecureRandom random = new SecureRandom();

    private SecretCipher(List<SecretKeySpec> keys) {
        this.keys = keys;
    }

    /**
     * A cipher with a key, and the ones that it takes the place of.
     *
     * @param base64 of 32 bytes each, with commas or white space between them, the newest first
     */
    public static SecretCipher ofKey(String base64) throws SecretKeyException {
        List<SecretKeySpec> keys = new ArrayList<>();
        for (String one : base64.trim().split("[,\\s]+", -1)) {
            keys.add(key(one));
        }
        return new SecretCipher(List.copyOf(keys));
    }

    private static SecretKeySpec key(String base64) throws SecretKeyException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // the cause would repeat a part of the key
            throw new SecretKeyException("the secret key isn't base64: " + HOW);
        }
        if (bytes.length != KEY_BYTES) {
            throw new SecretKeyException("the secret key has " + bytes.length + " bytes: " + HOW);
        }
        return new SecretKeySpec(bytes, "AES");
    }

    /** Whether the text has been encrypted, or can't be told from one that has. */
    public static boolean isSealed(String text) {
        return text.startsWith(PREFIX);
    }

    /** Whether this has a key, so that {@link #seal} changes something. */
    boolean hasKey() {
        return !keys.isEmpty();
    }

    /** The text encrypted, or as it is when there's no key. */
    String seal(String place, String text) {
        if (keys.isEmpty()) {
            return text;
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted =
                    cipher(Cipher.ENCRYPT_MODE, keys.get(0), nonce, place)
                            .doFinal(text.getBytes(UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
            System.arraycopy(encrypted, 0, all, NONCE_BYTES, encrypted.length);
            return PREFIX + Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    /** The text as it was before {@link #seal}; one that wasn't encrypted as it is. */
    String open(String place, String text) throws SecretKeyException {
        if (!isSealed(text)) {
            return text;
        }
        if (keys.isEmpty()) {
            throw new SecretKeyException("it's encrypted, and there's no key");
        }
        GeneralSecurityException failure = null;
        for (SecretKeySpec key : keys) {
            try {
                return open(key, place, text);
            } catch (GeneralSecurityException e) {
                failure = e;
            }
        }
        throw new SecretKeyException(
                "it was encrypted with another key, or has been changed since", failure);
    }

    /** Whether the text is as {@link #seal} would leave it: encrypted, and with the newest key. */
    boolean isCurrent(String place, String text) {
        if (!isSealed(text)) {
            return false;
        }
        try {
            open(keys.get(0), place, text);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String open(SecretKeySpec key, String place, String text)
            throws GeneralSecurityException {
        byte[] all;
        try {
            all = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not base64", e);
        }
        if (all.length < NONCE_BYTES) {
            throw new GeneralSecurityException("too short");
        }
        byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
        byte[] decrypted =
                cipher(Cipher.DECRYPT_MODE, key, nonce, place)
                        .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        return new String(decrypted, UTF_8);
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String place)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return hasKey() ? "AES-256-GCM" : "no encryption";
    }
}

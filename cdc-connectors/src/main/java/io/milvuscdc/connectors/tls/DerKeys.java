// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Wraps the private keys that openssl writes by default, PKCS#1 for RSA and SEC 1 for elliptic
 * curves, into PKCS#8, the only form that the JDK reads.
 */
final class DerKeys {

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int PARAMETERS = 0xA0;
    private static final byte[] ZERO = {INTEGER, 1, 0};
    // 1.2.840.113549.1.1.1, and NULL for its parameters
    private static final byte[] RSA = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 5, 0
    };
    // 1.2.840.10045.2.1; the curve follows
    private static final byte[] EC = {
        0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01
    };

    private DerKeys() {}

    static byte[] ofRsa(byte[] pkcs1) {
        return wrap(RSA, pkcs1);
    }

    /**
     * Wraps a key of an elliptic curve.
     *
     * @throws IllegalArgumentException the key doesn't name its curve, or isn't DER
     */
    static byte[] ofEllipticCurve(byte[] sec1) {
        try {
            Element key = Element.at(sec1, 0);
            int next = key.start();
            while (next < key.end()) {
                Element part = Element.at(sec1, next);
                if (part.tag() == PARAMETERS) {
                    byte[] curve = Arrays.copyOfRange(sec1, part.start(), part.end());
                    return wrap(join(EC, curve), sec1);
                }
                next = part.end();
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a key in DER", e);
        }
        throw new IllegalArgumentException("the key doesn't name its curve");
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return element(
                SEQUENCE, join(ZERO, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** A tag and where its content is. */
    private record Element(int tag, int start, int end) {

        static Element at(byte[] der, int offset) {
            int tag = der[offset] & 0xFF;
            int length = der[offset + 1] & 0xFF;
            int start = offset + 2;
            if (length >= 0x80) {
                int bytes = length & 0x7F;
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = length << 8 | (der[start++] & 0xFF);
                }
            }
            if (length < 0 || start + length > der.length) {
                throw new IndexOutOfBoundsException("an element reaches beyond the end");
            }
            return new Element(tag, start, start + length);
        }
    }
}

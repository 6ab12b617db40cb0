// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import com.google.protobuf.ByteString;

/**
 * What etcd holds under one key.
 *
 * @param modRevision the revision that put it there
 */
record EtcdValue(ByteString bytes, long modRevision) {

    /** Milvus up to 2.6.14 overwrites a removed key with this instead of deleting it. */
    private static final ByteString TOMBSTONE =
            ByteString.copyFrom(new byte[] {(byte) 0xE2, (byte) 0x9B, (byte) 0xBC});

    /** Whether Milvus means by this value that there is none. */
    boolean isTombstone() {
        return bytes.equals(TOMBSTONE);
    }
}

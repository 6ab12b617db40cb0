// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import java.util.Locale;

/**
 * One key of cdc.yaml, for the documentation and for messages.
 *
 * @param path with dots between its parts
 * @param fallback what holds when it isn't said, in words when there's no such value
 * @param meaning a sentence; of a key without effect why it has none
 */
record ConfigKey(String path, Origin origin, String fallback, String meaning) {

    /** Where a key comes from. */
    enum Origin {
        /** The Go tool has it, and it means the same. */
        GO,
        /** The Go tool has it; here it's read and has no effect. */
        GO_WITHOUT_EFFECT,
        /** The Go tool hasn't got it. */
        NEW
    }

    /** Whether a value may be a secret, which is better given by the environment. */
    boolean isSecret() {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith("password")
                || name.endsWith("token")
                || name.endsWith("authparams")
                || name.endsWith("mysqlsourceurl");
    }
}

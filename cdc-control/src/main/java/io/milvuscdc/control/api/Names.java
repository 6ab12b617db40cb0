// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.scope.CollectionPattern;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Milvus' rule for names of databases and collections, from validateCollectionName and
 * ValidateDatabaseName of its proxy (2.3 to 2.5).
 */
final class Names {

    static final String RULE =
            "a name begins with a letter or '_' and has only letters, digits and '_'";

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Names() {}

    static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    static boolean isLegalOrAny(String name) {
        return name.equals(CollectionPattern.ANY) || isLegal(name);
    }

    /** As Milvus measures names. */
    static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}

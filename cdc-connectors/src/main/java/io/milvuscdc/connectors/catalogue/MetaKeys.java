// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where Milvus 2.2 to 2.6 keeps its metadata under the meta root (Milvus' {@code
 * rootcoord_constant.go}, and {@code catalog.go} of datacoord and querycoord).
 */
final class MetaKeys {

    /** The default database: the key of a collection in it may say either. */
    private static final long NO_DATABASE = 0;

    static final long DEFAULT_DATABASE = 1;
    static final String DEFAULT_DATABASE_NAME = "default";

    /** What a key is about. */
    enum Kind {
        /** {@code {databaseId}}. */
        DATABASE("root-coord/database/db-info/"),
        /** {@code {databaseId}/{collectionId}}. */
        COLLECTION("root-coord/database/collection-info/"),
        /** {@code {collectionId}}, up to Milvus 2.2 and of the default database. */
        OLD_COLLECTION("root-coord/collection/"),
        /** {@code {collectionId}/{partitionId}}. */
        PARTITION("root-coord/partitions/"),
        /** {@code {collectionId}/{fieldId}}. */
        FIELD("root-coord/fields/"),
        /** {@code {collectionId}/{functionId}}, from Milvus 2.5 on. */
        FUNCTION("root-coord/functions/"),
        /** {@code {databaseId}/{alias}}. */
        ALIAS("root-coord/database/aliases/"),
        /** {@code {alias}}, up to Milvus 2.2. */
        OLD_ALIAS("root-coord/aliases/"),
        /** {@code {collectionId}/{indexId}}. */
        INDEX("field-index/"),
        /** {@code {collectionId}}. */
        COLLECTION_LOAD("querycoord-collection-loadinfo/"),
        /** {@code {collectionId}/{partitionId}}. */
        PARTITION_LOAD("querycoord-partition-loadinfo/");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        boolean isCollection() {
            return this == COLLECTION || this == OLD_COLLECTION;
        }

        boolean isAlias() {
            return this == ALIAS || this == OLD_ALIAS;
        }
    }

    /**
     * A key taken apart.
     *
     * @param parts what follows the kind's prefix, cut at the slashes
     */
    record Key(Kind kind, List<String> parts) {

        /** Empty for databases and aliases, and for a key of another form than Milvus writes. */
        OptionalLong collectionId() {
            return switch (kind) {
                case COLLECTION -> parts.size() == 2 ? id(parts.get(1)) : OptionalLong.empty();
                case DATABASE, ALIAS, OLD_ALIAS -> OptionalLong.empty();
                default -> id(parts.get(0));
            };
        }

        /** The database that a collection's or a database's key names. */
        OptionalLong databaseId() {
            return switch (kind) {
                case COLLECTION, DATABASE -> {
                    OptionalLong id = id(parts.get(0));
                    yield id.isPresent() ? OptionalLong.of(database(id.getAsLong())) : id;
                }
                default -> OptionalLong.of(DEFAULT_DATABASE);
            };
        }
    }

    private final String root;

    MetaKeys(String metaRoot) {
        this.root = metaRoot.replaceAll("/+$", "") + "/";
    }

    String root() {
        return root;
    }

    String prefix(Kind kind) {
        return root + kind.path;
    }

    /** The prefix of those keys of a kind that belong to a collection. */
    String prefix(Kind kind, long collectionId) {
        return prefix(kind) + collectionId + "/";
    }

    List<String> prefixes() {
        return Arrays.stream(Kind.values()).map(this::prefix).toList();
    }

    List<String> collectionPrefixes() {
        return List.of(prefix(Kind.COLLECTION), prefix(Kind.OLD_COLLECTION));
    }

    /** Where the versions of the plain keys that begin with this one are kept (2.3 to 2.6.14). */
    String snapshotsOf(String plainPrefix) {
        return root + "snapshots/" + plainPrefix.substring(root.length());
    }

    /** The plain key of a snapshot's key; empty when it is none. */
    Optional<String> plainKeyOf(String snapshotKey) {
        int cut = snapshotKey.lastIndexOf("_ts");
        String prefix = root + "snapshots/";
        return cut < 0 || !snapshotKey.startsWith(prefix)
                ? Optional.empty()
                : Optional.of(root + snapshotKey.substring(prefix.length(), cut));
    }

    /** The tso from which on a snapshot's value holds. */
    static long snapshotTs(String snapshotKey) {
        return id(snapshotKey.substring(snapshotKey.lastIndexOf("_ts") + 3)).orElse(0);
    }

    Optional<Key> parse(String key) {
        for (Kind kind : Kind.values()) {
            String prefix = prefix(kind);
            if (key.startsWith(prefix)) {
                return Optional.of(
                        new Key(kind, List.of(key.substring(prefix.length()).split("/", -1))));
            }
        }
        return Optional.empty();
    }

    static long database(long id) {
        return id == NO_DATABASE ? DEFAULT_DATABASE : id;
    }

    private static OptionalLong id(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}

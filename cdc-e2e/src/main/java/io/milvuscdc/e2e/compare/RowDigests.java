// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.milvus.grpc.FieldData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows of a collection by primary key, each field's value as a 64-bit digest: hundreds of
 * thousands of rows with vectors fit in memory, and a difference can still be pinned to a field.
 */
public final class RowDigests {

    /** Milvus' own order of keys: strings by their UTF-8 bytes. */
    static final Comparator<Comparable<?>> KEY_ORDER = RowDigests::compareKeys;

    private final SortedMap<Comparable<?>, List<Long>> byKey = new TreeMap<>(KEY_ORDER);
    private List<String> fields = List.of();

    private static int compareKeys(Comparable<?> a, Comparable<?> b) {
        return a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y)
                : Arrays.compareUnsigned(
                        a.toString().getBytes(UTF_8), b.toString().getBytes(UTF_8));
    }

    /** Adds a page of a query's answer, all fields of it with the same number of rows. */
    void add(String primaryKey, List<FieldData> page) {
        List<FieldData> sorted = new ArrayList<>(page);
        sorted.sort(Comparator.comparing(FieldData::getFieldName));
        fields = sorted.stream().map(FieldData::getFieldName).toList();
        FieldData keys = sorted.get(fields.indexOf(primaryKey));
        int rows = FieldValues.rows(keys);
        for (int row = 0; row < rows; row++) {
            List<Long> digests = new ArrayList<>(sorted.size());
            for (FieldData field : sorted) {
                digests.add(FieldValues.digest(field, row));
            }
            byKey.put(FieldValues.key(keys, row), digests);
        }
    }

    /** Names of the fields that were read, in order. */
    public List<String> fields() {
        return fields;
    }

    /** Digests in the order of {@link #fields}, by primary key (Long or String). */
    public SortedMap<Comparable<?>, List<Long>> byKey() {
        return Collections.unmodifiableSortedMap(byKey);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the key that an unknown one was probably meant to be. */
final class Spelling {

    private static final int TYPOS = 2;

    private Spelling() {}

    /** A known key that is spelt almost like this one. */
    static Optional<String> near(String unknown, Collection<String> known) {
        return known.stream()
                .filter(key -> distance(bare(unknown), bare(key)) <= TYPOS)
                .min((a, b) -> distance(bare(unknown), bare(a)) - distance(bare(unknown), bare(b)));
    }

    /** Without case and what people put between words. */
    private static String bare(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}

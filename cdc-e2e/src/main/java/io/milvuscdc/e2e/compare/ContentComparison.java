// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import java.util.List;

/**
 * What comparing two Milvus found.
 *
 * @param differences in words, one each; empty when all that was compared is equal
 * @param notCompared what couldn't be compared and why: the rows of what isn't loaded
 */
public record ContentComparison(List<String> differences, List<String> notCompared) {

    public ContentComparison {
        differences = List.copyOf(differences);
        notCompared = List.copyOf(notCompared);
    }

    public boolean isEqual() {
        return differences.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(isEqual() ? "equal" : "not equal:");
        differences.forEach(line -> text.append("\n  ").append(line));
        notCompared.forEach(line -> text.append("\n  not compared: ").append(line));
        return text.toString();
    }
}

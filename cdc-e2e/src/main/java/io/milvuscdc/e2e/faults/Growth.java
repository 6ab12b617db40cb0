// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.faults.Footprint.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells what grows from one footprint after the other. The first third is how it warms up; what
 * stands still is in the middle of the last third where it was in the middle of the second.
 */
final class Growth {

    private static final double NOISE = 0.1;
    private static final int FEWEST = 6;

    private Growth() {}

    /**
     * A sentence for each part that has grown.
     *
     * @throws IllegalArgumentException for fewer than six footprints, which tell nothing
     */
    static List<String> of(List<Footprint> inOrder) {
        if (inOrder.size() < FEWEST) {
            throw new IllegalArgumentException(inOrder.size() + " footprints tell nothing");
        }
        int third = inOrder.size() / 3;
        List<Footprint> before = inOrder.subList(third, 2 * third);
        List<Footprint> after = inOrder.subList(inOrder.size() - third, inOrder.size());
        List<String> grown = new ArrayList<>();
        for (Part part : Part.values()) {
            long was = median(before, part);
            long is = median(after, part);
            if (is > was * (1 + NOISE) + part.noise() || (part.noise() == 0 && is > was)) {
                grown.add("%s: %d, then %d".formatted(part.words(), was, is));
            }
        }
        return grown;
    }

    private static long median(List<Footprint> some, Part part) {
        return some.stream()
                .map(footprint -> footprint.amounts().get(part))
                .sorted()
                .skip(some.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}

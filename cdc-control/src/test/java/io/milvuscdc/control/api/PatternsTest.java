// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When two selections can mean the same collection. */
final class PatternsTest {

    @ParameterizedTest
    @CsvSource({
        // wanted, left out, existing, left out, shared
        "a.c, '', a.c, '', a.c",
        "a.c, '', a.d, '', ''",
        "a.c, '', b.c, '', ''",
        "a.*, '', a.c, '', a.*",
        "a.c, '', *.*, '', a.c",
        "a.*, '', *.c, '', a.*",
        "a.*, '', b.*, '', ''",
        "a.c b.c, '', b.*, '', b.c",
        "*.*, a.c, a.c, '', ''",
        "*.*, a.*, a.c, '', ''",
        "a.c, '', *.*, a.*, ''",
        "a.*, '', *.*, a.c, a.*",
        "a.*, a.c, *.c, '', ''",
    })
    void sharesWhatBothMeanAndNeitherLeavesOut(
            String wanted, String wantedOut, String existing, String existingOut, String shared) {
        assertThat(
                        Patterns.shared(
                                new Selection(patterns(wanted), patterns(wantedOut)),
                                new Selection(patterns(existing), patterns(existingOut))))
                .isEqualTo(patterns(shared));
    }

    private static List<CollectionPattern> patterns(String names) {
        return Arrays.stream(names.split(" "))
                .filter(name -> !name.isEmpty())
                .map(name -> name.split("\\."))
                .map(parts -> new CollectionPattern(parts[0], parts[1]))
                .toList();
    }
}

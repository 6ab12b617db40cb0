// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FaultsTest {

    @ParameterizedTest
    @CsvSource({"kafka, embedded", "kafka, session", "pulsar, embedded", "pulsar, session"})
    void eachHasANameOfItsOwn(String queue, String flink) {
        assertThat(all(Setting.of(queue, flink))).extracting(Fault::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"kafka, embedded", "pulsar, session"})
    void whatOnlyTheControlPlaneFeelsExplainsNoEndOfAMilvus(String queue, String flink) {
        assertThat(all(Setting.of(queue, flink)))
                .filteredOn(fault -> fault.upsets().stream().anyMatch(Server::isMilvus))
                .extracting(Fault::name)
                .allMatch(name -> name.matches(".*(kill -9|stands still|clock).*"))
                .noneMatch(name -> name.equals("kill -9 of the control plane"));
    }

    private static List<Fault> all(Setting setting) {
        List<Fault> all = new ArrayList<>(Faults.besideMilvus(setting));
        all.addAll(MixedFaults.of(setting));
        all.addAll(Faults.ofClocks());
        all.addAll(Faults.ofMilvus());
        return all;
    }
}

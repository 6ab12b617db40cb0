// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.servers.SourceQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BlameTest {

    private static final Setting SETTING = new Setting(SourceQueue.KAFKA, false);
    private static final Fault OF_ETCD =
            Fault.blow("etcd stands still", r -> {}).upsetting(Server.ETCD.andWhatNeedsIt(SETTING));
    private static final Fault OF_A_WIRE = Fault.blow("connections cut", r -> {});

    private long now;
    private final Blame blame = new Blame(() -> now);

    @Test
    void aLongFaultExplainsTheEndOfWhatNeedsTheServer() {
        strike(OF_ETCD, Blame.LONG);

        assertThat(blame.of(Server.TARGET, "ended"))
                .isEqualTo(new Accident(Server.TARGET, "ended", "etcd stands still", true));
        assertThat(blame.of(Server.KAFKA, "ended").explained()).isFalse();
    }

    @Test
    void aShortOneDoesNot() {
        strike(OF_ETCD, Blame.LONG.minusMillis(1));
        now += Blame.LONG.toNanos();
        blame.ends();

        assertThat(blame.of(Server.TARGET, "ended").explained()).isFalse();
    }

    @Test
    void oneOfSomethingElseDoesNot() {
        strike(OF_A_WIRE, Blame.LONG);

        assertThat(blame.of(Server.TARGET, "ended"))
                .hasToString("the target Milvus ended (after «connections cut»)");
        assertThat(blame.of(Server.TARGET, "ended").explained()).isFalse();
    }

    @Test
    void ofTwoTogetherEachDoes() {
        strike(OF_A_WIRE.during(OF_ETCD), Blame.LONG);

        assertThat(blame.of(Server.CONTROL_PLANE, "ended").explained()).isTrue();
    }

    @Test
    void aCrashOfMilvusExplainsItself() {
        String crash = "has ended of itself: it ended with exit code 139, last:";

        assertThat(blame.of(Server.TARGET, crash).explained()).isTrue();
        assertThat(blame.of(Server.SOURCE, crash.replace("139", "134")).explained()).isTrue();
        assertThat(blame.of(Server.KAFKA, crash).explained()).isFalse();
        assertThat(blame.of(Server.TARGET, "it ended with exit code 1, last:").explained())
                .isFalse();
    }

    @Test
    void noFaultExplainsNothing() {
        assertThat(blame.of(Server.SOURCE, "ended").explained()).isFalse();
    }

    private void strike(Fault fault, Duration length) {
        blame.begins(fault);
        now += length.toNanos();
        blame.ends();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fault after fault for as long as is asked for: {@code deploy/chaos.sh} runs it. Every round has
 * each fault once that doesn't make a Milvus start again, and some two at a time, then some once
 * more while the task catches up, and ends with a comparison; the first difference ends it all, and
 * so does a server that ends without a fault that explains it. A Milvus that ended itself because
 * etcd or its queue was away for long is explained: content isn't judged from then on, which is
 * printed. Then both Milvus are killed, and the queues are compared once more.
 */
public final class LongRun {

    /** How long faults last in the rounds after the first; the last one then stays. */
    private static final List<Duration> HOLDS =
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(3));

    private static final int IN_CATCH_UP = 3;

    private final FaultRun run;
    private final List<Fault> live;
    private final List<Fault> inCatchUp;
    private final List<Fault> ofMilvus;

    private LongRun(FaultRun run, Setting setting, String named) {
        this.run = run;
        List<Fault> all = new ArrayList<>(Faults.besideMilvus(setting));
        all.addAll(MixedFaults.of(setting));
        all.addAll(Faults.ofClocks());
        this.live = named(all, named);
        this.inCatchUp = named.isEmpty() ? Faults.besideMilvus(setting) : List.of();
        this.ofMilvus = named(Faults.ofMilvus(), named);
    }

    /**
     * Runs; exits with 0 when everything was equal that could be compared, else with 1.
     *
     * @param args seed, minutes, the file that the table is written to, {@code kafka} or {@code
     *     pulsar}, {@code embedded} or {@code session}, how many seconds faults last in the first
     *     round, and a text that is in the names of those that strike; empty for all, which is also
     *     when some strike in a catch-up
     */
    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[0]);
        Duration length = Duration.ofMinutes(Long.parseLong(args[1]));
        Setting setting = Setting.of(args[3], args[4]);
        Duration hold = Duration.ofSeconds(Long.parseLong(args[5]));
        String named = args[6];
        requireAny(setting, named);
        boolean equal;
        try (FaultRun run = FaultRun.start("chaos", setting, seed)) {
            try {
                equal = new LongRun(run, setting, named).rounds(hold, length, System.nanoTime());
            } finally {
                String table = "%s, seed %d%n%n%s".formatted(setting, seed, run.table());
                Files.writeString(Path.of(args[2]), table);
                System.out.printf("%s%nTable: %s%n", table, args[2]);
            }
        }
        System.exit(equal ? 0 : 1);
    }

    private static List<Fault> named(List<Fault> faults, String text) {
        return faults.stream().filter(fault -> fault.name().contains(text)).toList();
    }

    private static void requireAny(Setting setting, String text) {
        List<Fault> all = new ArrayList<>(Faults.besideMilvus(setting));
        all.addAll(MixedFaults.of(setting));
        all.addAll(Faults.ofClocks());
        all.addAll(Faults.ofMilvus());
        if (named(all, text).isEmpty()) {
            throw new IllegalArgumentException(
                    "no fault has '%s' in its name; there are: %s"
                            .formatted(
                                    text,
                                    all.stream()
                                            .map(Fault::name)
                                            .collect(Collectors.joining("; "))));
        }
    }

    private boolean rounds(Duration hold, Duration length, long start) throws Exception {
        for (int round = 0; round == 0 || System.nanoTime() - start < length.toNanos(); round++) {
            Duration held = round == 0 ? hold : HOLDS.get(Math.min(round, HOLDS.size()) - 1);
            run.strikeLive(live, held);
            if (!inCatchUp.isEmpty()) {
                run.strikeInCatchUp(run.some(inCatchUp, IN_CATCH_UP), held);
            }
            if (!isWell("Round " + (round + 1))) {
                return false;
            }
        }
        if (ofMilvus.isEmpty()) {
            return true;
        }
        run.strikeLive(ofMilvus, hold);
        return isWell("Both Milvus killed");
    }

    private boolean isWell(String when) throws Exception {
        Judgement judgement = run.judge();
        System.out.printf("%s: %s; %s; %s%n", when, run.written(), judgement, run.footprint());
        List<String> findings = new ArrayList<>(judgement.findings());
        if (!inCatchUp.isEmpty() && judgement.queues().droppedCopies() == 0) {
            findings.add("no fault has struck between rows and their tick: no copy was dropped");
        }
        findings.forEach(finding -> System.out.println("  " + finding));
        return findings.isEmpty();
    }
}

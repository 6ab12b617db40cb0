// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Fault after fault for as long as is asked for: {@code deploy/chaos.sh} runs it. Every round has
 * each fault once that doesn't make a Milvus start again, and ends with a comparison; the first
 * difference ends it all. Then both Milvus are killed, and the queues are compared once more.
 */
public final class LongRun {

    /** How long faults last in the rounds after the first; the last one then stays. */
    private static final List<Duration> HOLDS =
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(3));

    private LongRun() {}

    /**
     * Runs; exits with 0 when everything was equal, else with 1.
     *
     * @param args seed, minutes, the file that the table is written to, {@code kafka} or {@code
     *     pulsar}, {@code embedded} or {@code session}, and how many seconds faults last in the
     *     first round
     */
    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[0]);
        Duration length = Duration.ofMinutes(Long.parseLong(args[1]));
        Setting setting = Setting.of(args[3], args[4]);
        Duration hold = Duration.ofSeconds(Long.parseLong(args[5]));
        boolean equal;
        try (FaultRun run = FaultRun.start("chaos", setting, seed)) {
            try {
                equal = rounds(run, hold, length, System.nanoTime());
            } finally {
                String table = "%s, seed %d%n%n%s".formatted(setting, seed, run.table());
                Files.writeString(Path.of(args[2]), table);
                System.out.printf("%s%nTable: %s%n", table, args[2]);
            }
        }
        System.exit(equal ? 0 : 1);
    }

    private static boolean rounds(FaultRun run, Duration hold, Duration length, long start)
            throws Exception {
        for (int round = 0; round == 0 || System.nanoTime() - start < length.toNanos(); round++) {
            run.faultsBesideMilvus(
                    round == 0 ? hold : HOLDS.get(Math.min(round, HOLDS.size()) - 1));
            if (!isEqual(run, "Round " + (round + 1))) {
                return false;
            }
        }
        run.killsOfMilvus(hold);
        return isEqual(run, "Both Milvus killed");
    }

    private static boolean isEqual(FaultRun run, String when) throws Exception {
        ContentComparison content = run.compare();
        ExactlyOnceVerdict verdict = run.verdict();
        System.out.printf("%s: %s; %s; %s%n", when, run.written(), verdict, run.footprint());
        if (content.isEqual()) {
            System.out.println("By content source and target are equal");
        } else {
            System.out.println("By content source and target differ: " + content.differences());
        }
        if (!run.isContentComparable()) {
            System.out.println("Content isn't judged: a Milvus was started again");
        }
        return verdict.findings().isEmpty() && (content.isEqual() || !run.isContentComparable());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.faults.Footprint.Part;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A replication that nothing happens to, for as long as is asked for, under the writers of the
 * fault run: {@code deploy/soak.sh} runs it. What the control plane holds must not grow, and in the
 * end source and target have to be equal.
 */
public final class Soak {

    /** So many times it's looked at what the control plane holds. */
    private static final int SAMPLES = 40;

    private Soak() {}

    /**
     * Runs; exits with 0 when nothing has grown and everything is equal, else with 1.
     *
     * @param args seed, minutes, the file that the table is written to, {@code kafka} or {@code
     *     pulsar}, {@code embedded} or {@code session}
     */
    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[0]);
        Duration length = Duration.ofMinutes(Long.parseLong(args[1]));
        List<Footprint> footprints = new ArrayList<>();
        boolean well;
        try (FaultedReplication replication =
                        FaultedReplication.start("soak", Setting.of(args[3], args[4]));
                MilvusSession session = MilvusSession.open(replication.pair().source().uri())) {
            MixedWorkload workload = new MixedWorkload(session, seed);
            workload.start();
            try {
                for (int sample = 0; sample < SAMPLES; sample++) {
                    Await.pause(length.dividedBy(SAMPLES));
                    footprints.add(Footprint.of(replication));
                    System.out.println(footprints.get(sample));
                }
            } finally {
                workload.stop();
                Files.writeString(Path.of(args[2]), table(footprints));
            }
            System.out.printf("%s%nTask: %s%n", workload.done(), replication.state());
            boolean equal = isEqual(new Judge(replication, workload));
            well = isFlat(footprints) && equal;
        }
        System.exit(well ? 0 : 1);
    }

    private static boolean isEqual(Judge judge) {
        Judgement judgement = judge.judge(Duration.ZERO);
        System.out.println(judgement);
        judgement.findings().forEach(System.out::println);
        return judgement.findings().isEmpty();
    }

    private static boolean isFlat(List<Footprint> footprints) {
        List<String> grown = Growth.of(footprints);
        System.out.println(grown.isEmpty() ? "Nothing has grown" : "Grown: " + grown);
        return grown.isEmpty();
    }

    private static String table(List<Footprint> footprints) {
        List<Part> parts = Arrays.asList(Part.values());
        StringBuilder table = new StringBuilder();
        table.append(parts.stream().map(Part::words).collect(line())).append('\n');
        table.append("|").append("---|".repeat(parts.size())).append('\n');
        for (Footprint footprint : footprints) {
            table.append(
                            parts.stream()
                                    .map(part -> footprint.amounts().get(part).toString())
                                    .collect(line()))
                    .append('\n');
        }
        return table.toString();
    }

    private static java.util.stream.Collector<CharSequence, ?, String> line() {
        return Collectors.joining(" | ", "| ", " |");
    }
}

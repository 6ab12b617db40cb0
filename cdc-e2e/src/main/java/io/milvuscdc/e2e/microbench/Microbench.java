// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.microbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of this package, each in a JVM of its own, and makes a table of time and
 * allocated memory per operation: what is allocated tells whether rows are copied.
 */
public final class Microbench {

    private static final int WARM_UPS = 5;
    private static final int ITERATIONS = 5;

    private Microbench() {}

    /**
     * Runs all and prints the table.
     *
     * @param args file for the table, seconds of an iteration (1), of which each has {@value
     *     #WARM_UPS} + {@value #ITERATIONS}
     */
    public static void main(String[] args) throws RunnerException, IOException {
        long seconds = args.length > 1 ? Long.parseLong(args[1]) : 1;
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .include(Microbench.class.getPackageName() + "\\..*")
                                        .warmupIterations(WARM_UPS)
                                        .warmupTime(TimeValue.seconds(seconds))
                                        .measurementIterations(ITERATIONS)
                                        .measurementTime(TimeValue.seconds(seconds))
                                        .addProfiler(GCProfiler.class)
                                        .shouldFailOnError(true)
                                        .build())
                        .run();
        String table = table(results);
        System.out.print(table);
        Files.writeString(Path.of(args[0]), table);
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table = new StringBuilder();
        table.append("| what | message | bytes | µs | MB/s | bytes allocated |\n");
        table.append("|---|---|---|---|---|---|\n");
        for (RunResult result : results) {
            table.append(line(result));
        }
        return table.toString();
    }

    private static String line(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        Sample sample = Sample.valueOf(result.getParams().getParam("sample"));
        String what = time.getLabel();
        long bytes = sample.bytes().length;
        String message = sample.inWords();
        if (what.equals("request")) {
            int messages = RequestBenchmark.messages(sample);
            bytes *= messages;
            message = messages + " x " + message;
        }
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.3f ± %.3f | %.0f | %.0f |%n",
                what,
                message,
                bytes,
                time.getScore(),
                time.getScoreError(),
                // bytes per µs are MB per s
                bytes / time.getScore(),
                allocated(result));
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().keySet().stream()
                .filter(name -> name.endsWith("gc.alloc.rate.norm"))
                .mapToDouble(name -> result.getSecondaryResults().get(name).getScore())
                .findFirst()
                .orElseThrow();
    }
}

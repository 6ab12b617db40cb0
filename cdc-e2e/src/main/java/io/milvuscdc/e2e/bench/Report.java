// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, printed as they come, and in the end as a table and as JSON. */
final class Report {

    private static final int SMALL = 10;

    private final String command;
    private final Map<String, String> machine;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * @param command that was run
     */
    Report(String command) {
        this.command = command;
        this.machine = Machine.describe();
    }

    void add(Figure figure) {
        figures.add(figure);
        System.out.println(row(figure));
    }

    /** One figure of one round. */
    void add(String part, String of, String what, String unit, double value, String boundBy) {
        add(new Figure(part, of, what, unit, List.of(value), boundBy));
    }

    /** As Markdown. */
    String table() {
        StringBuilder table =
                new StringBuilder(
                        "| | what | median | lowest to highest | bound by |\n|---|---|---|---|---|\n");
        figures.forEach(figure -> table.append(row(figure)).append('\n'));
        return table.toString();
    }

    private static String row(Figure figure) {
        return "| %s: %s | %s | %s %s | %s | %s |"
                .formatted(
                        figure.part(),
                        figure.of(),
                        figure.what(),
                        number(figure.median()),
                        figure.unit(),
                        figure.values().size() == 1
                                ? "1 round"
                                : number(figure.lowest()) + " to " + number(figure.highest()),
                        figure.boundBy());
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) < SMALL && value != 0 ? "%.2f" : "%,.0f", value);
    }

    /** Writes both forms. */
    void write(Path table, Path json) throws IOException {
        Files.writeString(table, "`%s`, %s%n%n%s".formatted(command, machine, table()));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("command", command);
        all.put("at", Instant.now().toString());
        all.put("machine", machine);
        all.put("figures", figures);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(json.toFile(), all);
    }
}

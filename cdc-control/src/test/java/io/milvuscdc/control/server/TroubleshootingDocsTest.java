// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts that people look up are texts that the program has. */
final class TroubleshootingDocsTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern ENTRY = Pattern.compile("(?m)^\\| `([^`]+)` \\|");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+ \"");
    private static final int FEWEST = 30;

    @Test
    void everyTextIsOneOfTheProgram() throws IOException {
        String sources = sources();
        List<String> entries = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        Matcher entry = ENTRY.matcher(Files.readString(PROJECT.resolve("docs/troubleshooting.md")));
        while (entry.find()) {
            entries.add(entry.group(1));
            for (String part : entry.group(1).split("\\.\\.\\.", -1)) {
                if (!sources.contains(part.strip())) {
                    unknown.add(part);
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(entries).hasSizeGreaterThan(FEWEST).doesNotHaveDuplicates();
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module : List.of("cdc-connectors", "cdc-job", "cdc-control")) {
            try (Stream<Path> files =
                    Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return CONCATENATION.matcher(all).replaceAll("");
    }
}

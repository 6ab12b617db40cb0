// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.servers.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README and docs name the test that proves a claim; such a test must be there. */
class CitedTestsTest {

    private static final Pattern CITED = Pattern.compile("`([A-Z]\\w+(?:Test|ITCase))`");
    private static final Path TESTS = Path.of("src", "test", "java");

    private final Path root = ProjectFiles.find(Path.of("README.md")).toAbsolutePath().getParent();

    @Test
    void everyTestThatIsCitedExists() throws IOException {
        Set<String> cited = new TreeSet<>();
        cite(root.resolve("README.md"), cited);
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            for (Path page : docs.filter(file -> file.toString().endsWith(".md")).toList()) {
                cite(page, cited);
            }
        }

        assertThat(cited).hasSizeGreaterThan(10).isSubsetOf(tests());
    }

    private static void cite(Path page, Set<String> cited) throws IOException {
        Matcher names = CITED.matcher(Files.readString(page));
        while (names.find()) {
            cited.add(names.group(1));
        }
    }

    private Set<String> tests() throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.map(m -> m.resolve(TESTS)).filter(Files::exists).toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    all.addAll(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".java"))
                                    .map(name -> name.substring(0, name.length() - 5))
                                    .collect(Collectors.toSet()));
                }
            }
        }
        return all;
    }
}

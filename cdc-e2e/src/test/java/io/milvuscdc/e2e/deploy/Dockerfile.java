// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The instructions of a Dockerfile, each on one line. */
record Dockerfile(String file, List<String> instructions) {

    static Dockerfile of(String file) {
        return new Dockerfile(
                file,
                DeployFiles.text(file)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .reduce((a, b) -> a.endsWith("\\") ? a + b : a + "\n" + b)
                        .orElseThrow()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList());
    }

    /** The argument of an instruction that occurs once. */
    String argument(String instruction) {
        List<String> found =
                instructions.stream()
                        .filter(line -> line.startsWith(instruction + " "))
                        .map(line -> line.substring(instruction.length() + 1).strip())
                        .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(file + " has " + instruction + ": " + found);
        }
        return found.get(0);
    }

    /** The words of an instruction in its form with brackets. */
    List<String> words(String instruction) {
        try {
            return List.of(new ObjectMapper().readValue(argument(instruction), String[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": " + instruction, e);
        }
    }

    /** What its COPY takes, of which there's one. */
    String copied() {
        return argument("COPY").split(" ", -1)[0].replaceFirst("/$", "");
    }

    /** Where its COPY puts that. */
    String copiedTo() {
        return argument("COPY").split(" ", -1)[1].replaceFirst("/$", "");
    }

    /** The files and directories that its COPY finds. */
    List<Path> found() {
        Path pattern = Path.of(copied());
        try (DirectoryStream<Path> matches =
                Files.newDirectoryStream(
                        DeployFiles.path(pattern.getParent().toString()),
                        pattern.getFileName().toString())) {
            List<Path> found = new ArrayList<>();
            matches.forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the ignore file beside it lets through to the builder. */
    List<String> sent() {
        List<String> patterns =
                DeployFiles.text(file + ".dockerignore")
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();
        if (!patterns.get(0).equals("*")) {
            throw new IllegalArgumentException(file + ".dockerignore doesn't begin with *");
        }
        return patterns.stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Reads what a log has got since a moment. */
final class LogWatch {

    private static final Pattern TROUBLE = Pattern.compile("^\\S+ \\S+ +(WARN|ERROR)\\b.*");

    private final Path log;
    private long from;

    /** From now on. */
    LogWatch(Path log) throws IOException {
        this.log = log;
        this.from = Files.size(log);
    }

    /** The last line of a warning or an error, without its time; empty for none. */
    String lastTrouble() throws IOException {
        byte[] all = Files.readAllBytes(log);
        if (all.length < from) {
            // the file was full and a new one has begun
            from = 0;
        }
        int begin = (int) from;
        String text = new String(all, begin, all.length - begin, StandardCharsets.UTF_8);
        List<String> lines = text.lines().filter(line -> TROUBLE.matcher(line).matches()).toList();
        return lines.isEmpty()
                ? ""
                : lines.get(lines.size() - 1)
                        .replaceFirst("^.{23} +(WARN|ERROR) +\\[.*?\\] (\\w+\\.)*", "$1 ");
    }
}

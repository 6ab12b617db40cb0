// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What Linux tells of a process, see proc(5). */
public record ProcessStatus(long pid) {

    private static final Pattern BLANK = Pattern.compile(" ");

    // fields of /proc/pid/stat, counted from the one after the name
    private static final int USER_TIME = 11;
    private static final int KERNEL_TIME = 12;

    /** Its directory below {@code /proc}. */
    public Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }

    /** Memory that it has at the moment. */
    public long residentBytes() throws IOException {
        return field("VmRSS:") << 10;
    }

    public long threads() throws IOException {
        return field("Threads:");
    }

    /** A number of {@code /proc/pid/status}, without its unit. */
    private long field(String name) throws IOException {
        String line =
                Files.readAllLines(directory().resolve("status")).stream()
                        .filter(text -> text.startsWith(name))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no " + name + " of process " + pid));
        return Long.parseLong(line.substring(name.length()).replace("kB", "").trim());
    }

    /**
     * Processor time that it has used, for itself and in the kernel. Cheap: Java's own answer reads
     * more files, and with the command line.
     *
     * @throws ServerException when it has ended
     */
    public Duration processorTime() {
        try {
            return processorTime(Files.readString(directory().resolve("stat")));
        } catch (IOException e) {
            throw new ServerException("process " + pid + " has ended", e);
        }
    }

    /** Of {@code /proc/pid/stat}, in which the name may have blanks and brackets of its own. */
    static Duration processorTime(String stat) {
        List<String> afterName =
                BLANK.splitAsStream(stat.substring(stat.lastIndexOf(')') + 2)).toList();
        return MachineStatus.ticks(
                Long.parseLong(afterName.get(USER_TIME))
                        + Long.parseLong(afterName.get(KERNEL_TIME)));
    }
}

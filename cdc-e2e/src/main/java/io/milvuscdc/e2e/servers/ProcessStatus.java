// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells of a process, see proc(5). */
public record ProcessStatus(long pid) {

    /** The kernel counts for everybody in hundredths of a second (USER_HZ). */
    private static final double TICKS_A_SECOND = 100;

    // fields 14 and 15 of /proc/pid/stat, counted behind the name, whose parenthesis ends field 2
    private static final int USER_TIME = 14 - 3;
    private static final int KERNEL_TIME = 15 - 3;

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

    /** Time that it has spent on CPUs, for itself and in the kernel. */
    public double cpuSeconds() throws IOException {
        String all = Files.readString(directory().resolve("stat"));
        String[] fields = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[KERNEL_TIME]))
                / TICKS_A_SECOND;
    }
}

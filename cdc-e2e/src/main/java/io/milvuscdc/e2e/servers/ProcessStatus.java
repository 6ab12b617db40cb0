// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux tells of a process, see proc(5). */
public record ProcessStatus(long pid) {

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
     * Processor time that it has used, for itself and in the kernel.
     *
     * @throws ServerException when it has ended
     */
    public Duration processorTime() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new ServerException("process " + pid + " has ended"));
    }
}

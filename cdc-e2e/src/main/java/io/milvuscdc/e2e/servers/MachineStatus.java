// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What Linux tells of the machine, see proc(5). */
public final class MachineStatus {

    private static final Path STAT = Path.of("/proc/stat");

    /** Linux counts in hundredths of a second, whatever its clock. */
    private static final long MILLIS_OF_A_TICK = 10;

    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISK = 4;

    /** What follows is part of the time of users' processes already. */
    private static final int GUESTS = 8;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private MachineStatus() {}

    /** Processor time that all processes of the machine have used, over all cores. */
    public static Duration processorTime() {
        try {
            return busy(Files.readAllLines(STAT).get(0));
        } catch (IOException e) {
            throw new ServerException("cannot read " + STAT, e);
        }
    }

    /** Of {@code /proc/stat}'s first line: all but idle and waiting for disk. */
    static Duration busy(String line) {
        List<String> ticks = BLANKS.splitAsStream(line).skip(1).limit(GUESTS).toList();
        long busy = 0;
        for (int i = 0; i < ticks.size(); i++) {
            if (i != IDLE && i != WAITING_FOR_DISK) {
                busy += Long.parseLong(ticks.get(i));
            }
        }
        return ticks(busy);
    }

    /** So many ticks of Linux' accounting. */
    static Duration ticks(long count) {
        return Duration.ofMillis(count * MILLIS_OF_A_TICK);
    }
}

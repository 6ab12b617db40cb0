// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sets the clock of one process back by some seconds, whatever language it's written in: the
 * kernel's code that tells the time is mapped into each process, and this one gets another. Linux
 * on x86-64 only, for a process that this one may trace. Monotonic clocks go on as they are.
 */
public final class SkewedClock {

    private static final int MAX_SECONDS = 127;
    private static final int LENGTH = 16;
    private static final int TRIES = 100;

    /** Where the new code says how much it takes off. */
    private static final int SECONDS = 14;

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);
    private static final int ELF_SECTIONS = 0x28;
    private static final int ELF_SECTION_SIZE = 0x3a;
    private static final int ELF_SECTION_COUNT = 0x3c;
    private static final int DYNAMIC_SYMBOLS = 11;
    private static final int SYMBOL_SIZE = 24;
    private static final String TELLS_TIME = "__vdso_clock_gettime";

    private final long pid;
    private final long address;
    private final byte[] original = new byte[LENGTH];

    private SkewedClock(long pid, long address) throws IOException {
        this.pid = pid;
        this.address = address;
        try (RandomAccessFile memory = memory(pid)) {
            memory.seek(address);
            memory.readFully(original);
        }
    }

    /**
     * Sets it back at once.
     *
     * @param seconds from 1 to 127
     */
    public static SkewedClock setBack(long pid, int seconds) {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException(seconds + " s");
        }
        try {
            Mapping code = Mapping.of(pid);
            SkewedClock clock = new SkewedClock(pid, code.begin() + code.offsetOf(TELLS_TIME));
            if (clock.isReplaced()) {
                clock.subtract(seconds);
            } else {
                clock.replace(tellsEarlierTime(seconds));
            }
            return clock;
        } catch (IOException e) {
            throw new ServerException("the clock of process " + pid + " can't be set back", e);
        }
    }

    /**
     * Tells the right time again. Nothing when the process has ended meanwhile. The new code stays,
     * and takes nothing off: a thread that asks for the time is in it as long as the kernel takes,
     * so that a busy process, whenever it's stopped, has one there.
     */
    public void setRight() {
        if (!Files.exists(Path.of("/proc", Long.toString(pid), "maps"))) {
            return;
        }
        try {
            subtract(0);
        } catch (IOException e) {
            throw new ServerException("the clock of process " + pid + " can't be set right", e);
        }
    }

    /** Whether an earlier fault has put the new code there. */
    private boolean isReplaced() {
        return Arrays.equals(tellsEarlierTime(original[SECONDS]), original);
    }

    /** In code that was replaced; one byte, so that threads may be in it. */
    private void subtract(int seconds) throws IOException {
        try (RandomAccessFile memory = memory(pid)) {
            memory.seek(address + SECONDS);
            memory.write(seconds);
        }
    }

    /** While all threads stand still, and none of them inside of what is replaced. */
    private void replace(byte[] code) throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            signal("-STOP");
            try {
                Await.until("threads of " + pid + " to stand still", Await.PATIENCE, this::stands);
                if (isOutside()) {
                    try (RandomAccessFile memory = memory(pid)) {
                        memory.seek(address);
                        memory.write(code);
                    }
                    return;
                }
            } finally {
                signal("-CONT");
            }
            Await.pause(BETWEEN_TRIES);
        }
        throw new IOException("a thread was asking for the time " + TRIES + " times in a row");
    }

    private void signal(String signal) {
        ServerProcess.signal(pid, signal, "process " + pid);
    }

    private boolean stands() throws IOException {
        for (Path thread : threads()) {
            String stat = Files.readString(thread.resolve("stat"));
            // behind the name, which is in brackets and may hold anything
            if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                return false;
            }
        }
        return true;
    }

    /** The last word of a stopped thread's {@code syscall} is where it will go on. */
    private boolean isOutside() throws IOException {
        for (Path thread : threads()) {
            String[] words = Files.readString(thread.resolve("syscall")).strip().split(" ", -1);
            long next = Long.decode(words[words.length - 1]);
            if (next >= address && next < address + LENGTH) {
                return false;
            }
        }
        return true;
    }

    private List<Path> threads() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return all.toList();
        }
    }

    private static RandomAccessFile memory(long pid) throws IOException {
        return new RandomAccessFile("/proc/" + pid + "/mem", "rw");
    }

    /** {@code clock_gettime(clock, time)}: asks the kernel; of CLOCK_REALTIME less so much. */
    private static byte[] tellsEarlierTime(int seconds) {
        return new byte[] {
            (byte) 0xb8,
            (byte) 228,
            0,
            0,
            0, // mov eax, SYS_clock_gettime
            0x0f,
            0x05, // syscall
            (byte) 0x85,
            (byte) 0xff, // test edi, edi
            0x75,
            0x04, // jnz over the next
            0x48,
            (byte) 0x83,
            0x2e,
            (byte) seconds, // sub qword [rsi], seconds
            (byte) 0xc3 // ret
        };
    }

    /** The kernel's code as a process has it, an ELF object. */
    private record Mapping(long begin, ByteBuffer elf) {

        static Mapping of(long pid) throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "maps"))) {
                if (line.endsWith("[vdso]")) {
                    String[] range = line.split("[- ]", 3);
                    long begin = Long.parseUnsignedLong(range[0], 16);
                    byte[] all = new byte[(int) (Long.parseUnsignedLong(range[1], 16) - begin)];
                    try (RandomAccessFile memory = memory(pid)) {
                        memory.seek(begin);
                        memory.readFully(all);
                    }
                    return new Mapping(begin, ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN));
                }
            }
            throw new IOException("process " + pid + " has no vdso");
        }

        private int section(int number) {
            return (int) elf.getLong(ELF_SECTIONS) + number * elf.getShort(ELF_SECTION_SIZE);
        }

        long offsetOf(String symbol) throws IOException {
            for (int number = 0; number < elf.getShort(ELF_SECTION_COUNT); number++) {
                int section = section(number);
                if (elf.getInt(section + 4) != DYNAMIC_SYMBOLS) {
                    continue;
                }
                int names = (int) elf.getLong(section(elf.getInt(section + 0x28)) + 0x18);
                int first = (int) elf.getLong(section + 0x18);
                int end = first + (int) elf.getLong(section + 0x20);
                for (int at = first; at < end; at += SYMBOL_SIZE) {
                    if (isAt(names + elf.getInt(at), symbol)) {
                        return elf.getLong(at + 8);
                    }
                }
            }
            throw new IOException("the vdso has no " + symbol);
        }

        private boolean isAt(int position, String text) {
            byte[] bytes = (text + '\0').getBytes(StandardCharsets.US_ASCII);
            return position + bytes.length <= elf.limit()
                    && elf.slice(position, bytes.length).equals(ByteBuffer.wrap(bytes));
        }
    }
}

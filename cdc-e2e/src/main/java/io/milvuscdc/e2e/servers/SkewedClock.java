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

/**
 * Sets the clock of one process back by some seconds, whatever language it's written in: the
 * kernel's code that tells the time is mapped into each process, and this one gets another. Linux
 * on x86-64 only, for a process that this one may trace. Monotonic clocks go on as they are.
 */
public final class SkewedClock {

    private static final int MAX_SECONDS = 127;
    private static final int ELF_SECTIONS = 0x28;
    private static final int ELF_SECTION_SIZE = 0x3a;
    private static final int ELF_SECTION_COUNT = 0x3c;
    private static final int DYNAMIC_SYMBOLS = 11;
    private static final int SYMBOL_SIZE = 24;
    private static final String TELLS_TIME = "__vdso_clock_gettime";

    private final long pid;
    private final long address;
    private final byte[] original;

    private SkewedClock(long pid, long address, byte[] original) {
        this.pid = pid;
        this.address = address;
        this.original = original;
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
            byte[] other = tellsEarlierTime(seconds);
            long address = code.begin() + code.offsetOf(TELLS_TIME);
            byte[] original = new byte[other.length];
            try (RandomAccessFile memory = memory(pid)) {
                memory.seek(address);
                memory.readFully(original);
                memory.seek(address);
                memory.write(other);
            }
            return new SkewedClock(pid, address, original);
        } catch (IOException e) {
            throw new ServerException("the clock of process " + pid + " can't be set back", e);
        }
    }

    /** Tells the right time again. Nothing when the process has ended meanwhile. */
    public void setRight() {
        if (!Files.exists(Path.of("/proc", Long.toString(pid), "maps"))) {
            return;
        }
        try (RandomAccessFile memory = memory(pid)) {
            memory.seek(address);
            memory.write(original);
        } catch (IOException e) {
            throw new ServerException("the clock of process " + pid + " can't be set right", e);
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

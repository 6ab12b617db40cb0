// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.microbench;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What every message of the queue goes through first. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class DecodeBenchmark {

    @Param({"INSERT_100", "INSERT_1000", "DELETE_100", "TICK"})
    public Sample sample;

    private byte[] bytes;

    @Setup
    public void make() {
        bytes = sample.bytes();
    }

    /** From the record's bytes to what routing and ordering need. */
    @Benchmark
    public ChannelMessage decode() {
        return MessageDecoder.decode(Sample.PCHANNEL, Sample.POSITION, bytes);
    }
}

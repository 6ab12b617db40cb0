// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.microbench;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.source.ChannelMessageSerializer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The form of messages in state. Source and writer are one chain, so only rows that wait for a drop
 * go through this, at each checkpoint.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class StateBenchmark {

    @Param({"INSERT_100", "INSERT_1000", "DELETE_100"})
    public Sample sample;

    private ChannelMessage message;
    private DataOutputSerializer out;
    private DataInputDeserializer in;
    private byte[] serialized;

    @Setup
    public void make() throws IOException {
        message = sample.decoded();
        out = new DataOutputSerializer(message.payload().size() + 1_000);
        ChannelMessageSerializer.INSTANCE.serialize(message, out);
        serialized = out.getCopyOfBuffer();
        in = new DataInputDeserializer();
    }

    @Benchmark
    public DataOutputSerializer serialize() throws IOException {
        out.clear();
        ChannelMessageSerializer.INSTANCE.serialize(message, out);
        return out;
    }

    @Benchmark
    public ChannelMessage deserialize() throws IOException {
        in.setBuffer(serialized);
        return ChannelMessageSerializer.INSTANCE.deserialize(in);
    }
}

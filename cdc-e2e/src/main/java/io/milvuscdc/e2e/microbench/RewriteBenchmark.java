// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.microbench;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageRewriter;
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

/** What every row message goes through before it is sent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class RewriteBenchmark {

    @Param({"INSERT_100", "INSERT_1000", "DELETE_100"})
    public Sample sample;

    private ChannelMessage message;
    private ByteString suffix;

    @Setup
    public void make() {
        message = sample.decoded();
        suffix = MessageRewriter.suffix(message.type(), Sample.TARGET);
    }

    /** Puts the target's ids in. */
    @Benchmark
    public ByteString rewrite() {
        return MessageRewriter.rewrite(message, suffix);
    }

    /** Makes these ids: once per collection, vchannel and partition. */
    @Benchmark
    public ByteString suffix() {
        return MessageRewriter.suffix(message.type(), Sample.TARGET);
    }
}

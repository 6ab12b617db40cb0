// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.microbench;

import com.google.protobuf.ByteString;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageRewriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
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

/** A request of 4 MiB, which is the most that a catch-up sends at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class RequestBenchmark {

    private static final int REQUEST_BYTES = 4 << 20;

    @Param({"INSERT_100", "INSERT_1000"})
    public Sample sample;

    private List<ByteString> messages;
    private Frame frame;

    /** As gRPC takes a message: into one frame's buffer, without a buffer between. */
    private static final class Frame extends OutputStream {
        private final byte[] bytes;
        private int length;

        Frame(int size) {
            bytes = new byte[size];
        }

        @Override
        public void write(int value) {
            bytes[length++] = (byte) value;
        }

        @Override
        public void write(byte[] from, int offset, int count) {
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }
    }

    @Setup
    public void make() {
        ChannelMessage message = sample.decoded();
        ByteString rewritten =
                MessageRewriter.rewrite(
                        message, MessageRewriter.suffix(message.type(), Sample.TARGET));
        messages = Collections.nCopies(messages(sample), rewritten);
        frame = new Frame(2 * REQUEST_BYTES);
    }

    /** How many of a kind are in a request. */
    static int messages(Sample sample) {
        return REQUEST_BYTES / sample.bytes().length;
    }

    /** Puts the messages together and writes the request. */
    @Benchmark
    public int request() throws IOException {
        frame.length = 0;
        ReplicateMessageRequest.newBuilder()
                .setChannelName(Sample.PCHANNEL)
                .addAllMsgs(messages)
                .build()
                .writeTo(frame);
        return frame.length;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Notes every request; answers at once, or when the test says so. */
final class ApplierDouble implements TargetApplier {

    private final List<ChannelMessage> received = new ArrayList<>();
    private final List<Integer> requestSizes = new ArrayList<>();
    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private final Deque<CompletableFuture<String>> open = new ArrayDeque<>();
    private boolean holding;

    /** The next request fails; its messages have arrived all the same. */
    synchronized void failNext(RuntimeException failure) {
        failures.add(failure);
    }

    /** From now on requests stay open. */
    synchronized void hold() {
        holding = true;
    }

    /** Answers the oldest open request. */
    void answerOne() {
        CompletableFuture<String> oldest;
        synchronized (this) {
            oldest = open.remove();
        }
        oldest.complete("");
    }

    @Override
    public CompletableFuture<String> send(
            String pchannel, long minTs, long maxTs, List<ByteString> messages) {
        synchronized (this) {
            requestSizes.add(messages.size());
            for (ByteString message : messages) {
                received.add(MessageDecoder.decode(pchannel, MqPosition.ofKafkaOffset(0), message));
            }
            if (!failures.isEmpty()) {
                return CompletableFuture.failedFuture(failures.remove());
            }
            if (!holding) {
                return CompletableFuture.completedFuture(pchannel + "@" + received.size());
            }
            CompletableFuture<String> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        }
    }

    synchronized List<ChannelMessage> received() {
        return List.copyOf(received);
    }

    synchronized List<Long> rows(MsgType type) {
        return received.stream()
                .filter(m -> m.type() == type.getNumber())
                .map(ChannelMessage::msgId)
                .toList();
    }

    synchronized List<Long> ticks() {
        return received.stream()
                .filter(m -> m.type() == MsgType.TimeTick_VALUE)
                .map(ChannelMessage::timestamp)
                .toList();
    }

    synchronized List<Integer> requestSizes() {
        return List.copyOf(requestSizes);
    }

    @Override
    public void close() {
        // nothing is open
    }
}

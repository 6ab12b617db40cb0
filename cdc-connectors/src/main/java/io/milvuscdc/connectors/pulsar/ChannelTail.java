// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.impl.ConsumerImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker says of a channel at one moment.
 *
 * @param last its last message; empty when it has none (any more)
 * @param taken the entry up to which the broker holds nothing for the subscription, because that
 *     has acknowledged it or because it was taken from it (TTL, quota, an administrator); empty
 *     when it isn't told
 */
record ChannelTail(Optional<MessageIdAdv> last, Optional<MqPosition> taken) {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelTail.class);

    /** Asks through a durable consumer. */
    static CompletableFuture<ChannelTail> ask(Consumer<byte[]> consumer) {
        CompletableFuture<?> answer =
                ((ConsumerImpl<byte[]>) consumer).internalGetLastMessageIdAsync();
        return answer.thenApply(ChannelTail::of);
    }

    private static ChannelTail of(Object answer) {
        return new ChannelTail(
                field(answer, "lastMessageId").filter(id -> id.getEntryId() >= 0),
                field(answer, "markDeletePosition")
                        .map(id -> new MqPosition(id.getLedgerId(), id.getEntryId())));
    }

    /**
     * The broker tells both in one answer, but Pulsar's client (4.0.7, {@code
     * ConsumerImpl.GetLastMessageIdResponse}) keeps the second to itself.
     */
    private static Optional<MessageIdAdv> field(Object answer, String name) {
        try {
            Field field = answer.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return Optional.ofNullable((MessageId) field.get(answer)).map(MessageIdAdv.class::cast);
        } catch (ReflectiveOperationException e) {
            // without it less is known, and what can't be proven ends the job
            LOG.debug("Pulsar's client doesn't tell {}", name, e);
            return Optional.empty();
        }
    }

    /** Whether the broker holds an entry, and all behind it, for the subscription. */
    boolean holds(ReadPosition entry) {
        return taken.isPresent() && taken.get().compareTo(entry.position()) < 0;
    }

    /** Whether somebody who has read so far has read the last message. */
    boolean isReadUpTo(ReadPosition read) {
        return last.isPresent() && read.isOfEntry(last.get()) && !read.isBefore(last.get());
    }
}

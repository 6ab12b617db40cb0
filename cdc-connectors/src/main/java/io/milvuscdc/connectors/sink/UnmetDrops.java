// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.target.TargetCollection;
import io.milvuscdc.connectors.target.TargetException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import milvus.proto.msg.Msg;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the DropCollection message of a copy that was taken over and that no writer has met,
 * because it got no row: the target frees what it keeps of a collection when it reads that, not
 * when the collection is dropped in its metadata. Used by the committer's thread, apart from {@link
 * #pchannels}.
 */
final class UnmetDrops {

    private static final Logger LOG = LoggerFactory.getLogger(UnmetDrops.class);

    private static final int ATTEMPTS = 5;

    private final Sender sender;
    private final RetryPolicy retries;
    private final Set<String> pchannels = ConcurrentHashMap.newKeySet();

    /** Appends messages to a pchannel of the target, as a {@link TargetApplier}. */
    @FunctionalInterface
    interface Sender {
        CompletableFuture<String> send(
                String pchannel, long beginTs, long endTs, List<ByteString> messages);
    }

    UnmetDrops(Sender sender, RetryPolicy retries) {
        this.sender = sender;
        this.retries = retries;
    }

    /**
     * Writes it to all pchannels of the copy. It's written again when the drop is done again, which
     * the target ignores.
     *
     * @throws io.milvuscdc.connectors.target.FatalTargetException when the target will never take
     *     it
     */
    void announce(DropOperation drop, TargetCollection copy) throws InterruptedException {
        List<ByteString> message = List.of(message(drop, copy));
        for (String pchannel : new TreeSet<>(copy.pchannels())) {
            pchannels.add(pchannel);
            send(pchannel, drop, copy, message);
        }
    }

    /** Those that it wrote to, which need ticks until the messages are read. */
    Set<String> pchannels() {
        return Set.copyOf(pchannels);
    }

    private void send(
            String pchannel, DropOperation drop, TargetCollection copy, List<ByteString> message)
            throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                sender.send(pchannel, drop.timestamp(), drop.timestamp(), message).get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TargetException refusal)) {
                    throw new IllegalStateException(
                            "Could not send the drop of " + copy.fullName(), e.getCause());
                }
                if (refusal.kind() == TargetException.Kind.FATAL) {
                    throw refusal;
                }
                LOG.info("The drop of {} is sent again: {}", copy.fullName(), refusal.getMessage());
                Thread.sleep(retries.pause(attempt).toMillis());
            }
        }
        // a restart would forget what was taken over, and not drop it at all
        LOG.warn(
                "Target channel {} took no message of the drop of {}, which is dropped all the"
                        + " same: the target may keep its data",
                pchannel,
                copy.fullName());
    }

    private static ByteString message(DropOperation drop, TargetCollection copy) {
        return Msg.DropCollectionRequest.newBuilder()
                .setBase(
                        MsgBase.newBuilder()
                                .setMsgType(MsgType.DropCollection)
                                // of the same allocator as the source's msgIDs
                                .setMsgID(drop.collectionId())
                                .setTimestamp(drop.timestamp()))
                .setDbName(copy.db())
                .setCollectionName(copy.name())
                .setCollectionID(copy.id())
                .build()
                .toByteString();
    }
}

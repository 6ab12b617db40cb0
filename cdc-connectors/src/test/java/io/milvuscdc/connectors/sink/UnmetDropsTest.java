// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.target.TargetCollection;
import io.milvuscdc.connectors.target.TargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class UnmetDropsTest {

    private static final TargetCollection COPY =
            new TargetCollection(
                    900,
                    "db",
                    "restored",
                    5_000,
                    CollectionSchema.getDefaultInstance(),
                    List.of("t-dml_1_900v0", "t-dml_0_900v1"),
                    List.of("t-dml_1", "t-dml_0"),
                    2,
                    1,
                    ConsistencyLevel.Bounded,
                    List.of(),
                    List.of());
    private static final DropOperation DROP =
            new DropOperation(
                    DropOperation.Kind.COLLECTION, 6_000, 444, 0, 4_440, "default", "c", "", 0);

    private final List<ChannelMessage> sent = new ArrayList<>();
    private int refusals;
    private final UnmetDrops drops =
            new UnmetDrops(
                    this::send,
                    new RetryPolicy(
                            Duration.ZERO, Duration.ZERO, Duration.ofSeconds(9), Duration.ZERO));

    @Test
    void writesTheDropWithTheCopysIdToAllOfItsPchannels() throws Exception {
        assertThat(drops.pchannels()).isEmpty();
        drops.announce(DROP, COPY);

        assertThat(sent).extracting(ChannelMessage::pchannel).containsExactly("t-dml_0", "t-dml_1");
        assertThat(sent)
                .allSatisfy(
                        message -> {
                            assertThat(message.type()).isEqualTo(MsgType.DropCollection_VALUE);
                            assertThat(message.collectionId()).isEqualTo(900);
                            assertThat(message.timestamp()).isEqualTo(6_000);
                            assertThat(message.msgId()).isNotZero();
                        });
        assertThat(drops.pchannels()).containsExactlyInAnyOrder("t-dml_0", "t-dml_1");
    }

    @Test
    void triesAgainAndLeavesItInTheEnd() throws Exception {
        refusals = 1;
        drops.announce(DROP, COPY);
        assertThat(sent).hasSize(2);

        sent.clear();
        refusals = 5;
        drops.announce(DROP, COPY);
        assertThat(sent).extracting(ChannelMessage::pchannel).containsExactly("t-dml_1");
    }

    private CompletableFuture<String> send(
            String pchannel, long beginTs, long endTs, List<ByteString> messages) {
        if (refusals > 0) {
            refusals--;
            return CompletableFuture.failedFuture(TargetException.retry("busy"));
        }
        sent.add(MessageDecoder.decode(pchannel, MqPosition.ofKafkaOffset(1), messages.get(0)));
        return CompletableFuture.completedFuture("");
    }
}

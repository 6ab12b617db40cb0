// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.SourceException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReadCreationsTest {

    private static final long NOW = 1_700_000_000_000L;

    private ReadCreations creations = new ReadCreations(Map.of());

    @Test
    void rowsFollowTheirCollectionsCreation() {
        next(MsgType.TimeTick, 0, 0);
        next(MsgType.CreateCollection, 5, 1);
        next(MsgType.Insert, 5, 2);
        next(MsgType.CreateCollection, 6, 3);
        restart();

        assertThatCode(() -> next(MsgType.Delete, 5, 4)).doesNotThrowAnyException();
        assertThatCode(() -> next(MsgType.Insert, 6, 5)).doesNotThrowAnyException();
    }

    @Test
    void rowsWithoutItEndTheJob() {
        next(MsgType.CreateCollection, 5, 1);

        for (MsgType rows : new MsgType[] {MsgType.Insert, MsgType.Delete}) {
            assertThatThrownBy(() -> next(rows, 6, 2))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("by-dev-rootcoord-dml_3")
                    .hasMessageContaining("7:2")
                    .hasMessageContaining("collection 6")
                    .hasMessageContaining("create the task again");
        }
    }

    @Test
    void aDropOfACollectionThatWasNeverSeenIsNoRows() {
        assertThatCode(() -> next(MsgType.DropCollection, 6, 2)).doesNotThrowAnyException();
        assertThat(creations.state()).isEmpty();
    }

    @Test
    void forgetsWhatWasDroppedWhenNothingOfItComesAnyMore() {
        next(MsgType.CreateCollection, 5, 1);
        next(MsgType.CreateCollection, 6, 1);
        next(MsgType.DropCollection, 5, 2);
        restart();
        next(MsgType.TimeTick, 0, 60_000);
        next(MsgType.Insert, 5, 60_001);
        next(MsgType.TimeTick, 0, 700_000);

        assertThat(creations.state()).isEqualTo(Map.of(6L, 0L));
    }

    private void restart() {
        creations = new ReadCreations(creations.state());
    }

    private void next(MsgType type, long collection, long millis) {
        creations.next(
                new ChannelMessage(
                        "by-dev-rootcoord-dml_3",
                        new MqPosition(7, millis),
                        type.getNumber(),
                        Tso.of(NOW + millis, 0),
                        1,
                        collection,
                        0,
                        "",
                        "",
                        0,
                        ByteString.EMPTY));
    }
}

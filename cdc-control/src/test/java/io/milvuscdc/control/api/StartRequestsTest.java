// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.job.StartRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a task begins, as asked for; what's refused is told by golden files. */
final class StartRequestsTest {

    private static final ChannelPosition FIVE =
            new ChannelPosition("by-dev-rootcoord-dml_0", MqPosition.ofKafkaOffset(5), 77);
    private static final ChannelPosition SIX =
            new ChannelPosition("by-dev-replicate-msg", MqPosition.ofKafkaOffset(6), 0);

    @Test
    void beginsNowWhenNothingIsSaid() throws Exception {
        StartRequest request = request("{'collection_infos':[{'name':'*'}]}");
        assertThat(request.fromCollectionStart()).isEmpty();
        assertThat(request.positions()).isEmpty();
        assertThat(request.operations()).isEmpty();
        assertThat(request.selection().included()).containsExactly(new CollectionPattern("*", "*"));
    }

    @Test
    void beginsAtTheCreationOfTheEntriesThatSaySo() throws Exception {
        StartRequest request =
                request(
                        "{'collection_infos':[{'name':'*'},{'name':'c','use_start_position':true}],"
                                + "'db_collections':{'db':[{'name':'*','use_start_position':true}]}}");
        assertThat(request.fromCollectionStart())
                .containsExactly(
                        new CollectionPattern("default", "c"), new CollectionPattern("db", "*"));
    }

    @Test
    void beginsAtThePositionsThatWereReturned() throws Exception {
        StartRequest request =
                request(
                        "{'collection_infos':[{'name':'c','positions':{"
                                + "'by-dev-rootcoord-dml_0_444v0':'"
                                + FIVE.toBase64(MqMessageIds.KAFKA)
                                + "'}}],'rpc_channel_info':{'position':'"
                                + SIX.toBase64(MqMessageIds.KAFKA)
                                + "'}}");
        assertThat(request.positions()).isEqualTo(Map.of("by-dev-rootcoord-dml_0_444v0", FIVE));
        assertThat(request.operations()).contains(SIX);
    }

    private static StartRequest request(String json) throws Exception {
        Fields fields = Fields.of(new ObjectMapper().readTree(json.replace('\'', '"')));
        return new StartRequests(MqMessageIds.KAFKA).of(CreateRequest.of(fields).definition());
    }
}

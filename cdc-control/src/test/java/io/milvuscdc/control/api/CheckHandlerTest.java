// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.KnownPositions;
import io.milvuscdc.control.testutils.Tasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckHandlerTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private List<Finding> obstacles = List.of(Finding.well("target", "it answers"));

    @Test
    void tellsEverythingThatWasFoundAndMakesNothing() {
        assertThat(
                        check(
                                "{'milvus_connect_param':{'uri':'http://h:1'},'collection_infos':[{'name':'*'}]}"))
                .isEqualTo(
                        "{'code':200,'data':{'ok':true,'checks':["
                                + "{'check':'request','ok':true,'detail':'create would take it','fix':''},"
                                + "{'check':'task','ok':true,'detail':'no other task is in its way','fix':''},"
                                + "{'check':'target','ok':true,'detail':'it answers','fix':''},"
                                + "{'check':'clock','ok':true,'detail':'slow','fix':'set it'}]}}");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void oneObstacleIsEnough() {
        obstacles = List.of(Finding.broken("target", "it refuses the login", "correct the token"));
        assertThat(
                        check(
                                "{'milvus_connect_param':{'uri':'http://h:1'},'collection_infos':[{'name':'*'}]}"))
                .startsWith("{'code':200,'data':{'ok':false,")
                .contains("'it refuses the login','fix':'correct the token'")
                .contains("'check':'clock'");
    }

    @Test
    void aRequestThatCreateWouldRefuseIsToldInItsWords() {
        assertThat(check("{'collection_infos':[{'name':'*'}]}"))
                .isEqualTo(
                        "{'code':200,'data':{'ok':false,'checks':[{'check':'request','ok':false,"
                                + "'detail':'the downstream address is empty',"
                                + "'fix':'correct the request_data'}]}}");
        assertThat(check("{'milvus_connect_param':7}")).contains("'check':'request','ok':false");
    }

    @Test
    void aTaskThatIsInTheWayIsNamed() {
        store.create(Tasks.running("t1"));
        String uri = store.list().get(0).target().address();
        assertThat(
                        check(
                                "{'milvus_connect_param':{'uri':'"
                                        + uri
                                        + "'},'collection_infos':[{'name':'*'}]}"))
                .contains("'check':'task','ok':false")
                .contains("task t1");
    }

    @Test
    void filesOfTheRequestThatCantBeReadAreAnObstacle() {
        assertThat(
                        check(
                                "{'milvus_connect_param':{'uri':'https://h:1','dial_config':"
                                        + "{'ca_pem_path':'/nowhere/ca.pem'}},"
                                        + "'collection_infos':[{'name':'*'}]}"))
                .contains("'check':'target','ok':false")
                .contains("/nowhere/ca.pem");
    }

    private String check(String data) {
        CdcApi api =
                new CdcApi(
                        store,
                        ApiFixture.config(10),
                        new Preflight() {
                            @Override
                            public List<Finding> obstacles(
                                    TargetConfig target, ReplicationScope scope) {
                                return obstacles;
                            }

                            @Override
                            public List<Finding> advice(TargetConfig target) {
                                return List.of(Finding.advice("clock", "slow", "set it"));
                            }
                        },
                        (taskId, request) -> StartPoint.BEGINNING,
                        new KnownPositions(),
                        (task, place) -> Path.of(place),
                        ApiFixture.IDLE,
                        RequestObserver.NONE);
        String body = "{'request_type':'check','request_data':" + data + "}";
        byte[] answer = api.answer(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return new String(answer, StandardCharsets.UTF_8).strip().replace('"', '\'');
    }
}

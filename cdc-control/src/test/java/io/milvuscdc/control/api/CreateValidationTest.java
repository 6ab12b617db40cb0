// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of create's rules; each by itself is a pair of files of {@link GoldenApiTest}. */
final class CreateValidationTest {

    private static final String GOOD =
            "{'milvus_connect_param':{'uri':'http://h:1'},'collection_infos':[{'name':'*'}]}";

    @Test
    void acceptsThePlainTask() {
        assertThatCode(() -> check(GOOD)).doesNotThrowAnyException();
    }

    private record Repair(String told, String from, String to) {}

    @Test
    void tellsTheFirstBrokenRule() {
        String broken =
                "{'milvus_connect_param':{'host':'','port':-1,'username':'u','connect_timeout':-1},"
                        + "'buffer_config':{'period':-1,'size':-1},"
                        + "'db_collections':{'longer than ten':[]},'exclude_collections':['d.x'],"
                        + "'rpc_channel_info':{'name':'other'},'task_id':'a/b'}";
        List<Repair> repairs =
                List.of(
                        new Repair("the downstream address is empty", "'port':-1", "'port':1"),
                        new Repair("the milvus host is empty", "'host':''", "'host':'h'"),
                        new Repair("only one of the milvus username", "'username':'u',", ""),
                        new Repair("the milvus connect timeout", "timeout':-1", "timeout':1"),
                        new Repair("the cache period is less zero", "'period':-1", "'period':1"),
                        new Repair("the cache size is less zero", "'size':-1", "'size':1"),
                        new Repair("the db name length exceeds 10", "longer than ten", "db"),
                        new Repair(
                                "empty collection info",
                                "[]",
                                "[{'name':'*','positions':{'x':''}},{'name':'a.b'},{}]"),
                        new Repair("the positions should be empty", ",'positions':{'x':''}", ""),
                        new Repair("a collection name that is empty", ",{}", ",{'name':'*'}"),
                        new Repair("the collection name is invalid", "a.b", "c"),
                        new Repair("the collection name is given twice", ",{'name':'*'}]", "]"),
                        new Repair("excluded collection name is not in", "'d.x'", "'db.c'"),
                        new Repair("in the collection info and excluded", "'db.c'", "'db.x'"),
                        new Repair("rpc channel", "'other'", "'by-dev-replicate-msg'"),
                        new Repair("the task id is invalid", "'a/b'", "'a_b'"));
        for (Repair repair : repairs) {
            assertThat(refusal(broken)).hasMessageContaining(repair.told());
            assertThat(refusal(broken).code()).isEqualTo(400);
            assertThat(broken).contains(repair.from());
            broken = broken.replace(repair.from(), repair.to());
        }
        String good = broken;
        assertThatCode(() -> check(good)).doesNotThrowAnyException();
    }

    @Test
    void countsNamesInBytes() {
        assertThat(refusal(GOOD.replace("*", "ééééé1")).getMessage())
                .contains("whose length exceeds 10 characters");
    }

    @Test
    void refusesASecretThatTheStoreWouldTakeForAnEncryptedOneWithoutRepeatingIt() {
        for (String field : List.of("token", "password")) {
            String login = "'username':'u','password':'p','token':'t'";
            String broken =
                    login.replaceFirst("'" + field + "':'.'", "'" + field + "':'enc:v1:c2VjcmV0'");
            ApiException refusal = refusal(GOOD.replace("'uri'", broken + ",'uri'"));
            assertThat(refusal)
                    .hasMessageContaining("the milvus_connect_param." + field)
                    .hasMessageNotContaining("c2VjcmV0");
            assertThat(refusal.code()).isEqualTo(400);
        }
    }

    private static ApiException refusal(String request) {
        return catchThrowableOfType(ApiException.class, () -> check(request));
    }

    private static void check(String request) throws ApiException, IOException {
        Fields fields = Fields.of(new ObjectMapper().readTree(request.replace('\'', '"')));
        new CreateValidation(10, "by-dev-replicate-msg").check(CreateRequest.of(fields));
    }
}

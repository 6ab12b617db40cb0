// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of create, one by one and in their order. */
final class CreateValidationTest {

    private static final String GOOD =
            "{'milvus_connect_param':{'uri':'http://h:1'},'collection_infos':[{'name':'*'}]}";

    @Test
    void acceptsThePlainTask() {
        assertThatCode(() -> check(GOOD)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}|the downstream address is empty",
                "{'milvus_connect_param':{'uri':'u'},'kafka_connect_param':{'address':'k'}}"
                        + "|don't support milvus and kafka at the same time now",
                "{'milvus_connect_param':{'port':1}}|the milvus host is empty",
                "{'milvus_connect_param':{'host':'h'}}|the milvus port is less or equal zero",
                "{'milvus_connect_param':{'uri':'u','username':'x'}}"
                        + "|cannot set only one of the milvus username and password",
                "{'milvus_connect_param':{'uri':'u','password':'x'}}"
                        + "|cannot set only one of the milvus username and password",
                "{'milvus_connect_param':{'uri':'u','connect_timeout':-1}}"
                        + "|the milvus connect timeout is less zero",
                "{'kafka_connect_param':{'address':'k'}}|the kafka topic is empty",
                "{'milvus_connect_param':{'uri':'u'},'buffer_config':{'period':-1,'size':-1}}"
                        + "|the cache period is less zero",
                "{'milvus_connect_param':{'uri':'u'},'buffer_config':{'size':-1}}"
                        + "|the cache size is less zero",
                "{'milvus_connect_param':{'uri':'u'}}|the collection info is empty",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[]}"
                        + "|the collection info is empty",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{},{}]}"
                        + "|the collection info should be only one",
                "{'milvus_connect_param':{'uri':'u'},'db_collections':{'a':[],'b':[]}}"
                        + "|the collection info should be only one",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{}],'db_collections':{'a':[]}}"
                        + "|the collection info and db collection info should be only one",
                "{'milvus_connect_param':{'uri':'u'},'db_collections':{'longer than ten':[]}}"
                        + "|the db name length exceeds 10 characters, longer than ten",
                "{'milvus_connect_param':{'uri':'u'},'db_collections':{'a':[]}}"
                        + "|empty collection info",
                "{'milvus_connect_param':{'uri':'u'},'db_collections':{'a':[{},{}]}}"
                        + "|the collection info should be only one.",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{'name':'*','positions':{'x':'y'}}]}"
                        + "|the collection name is `*`, the positions should be empty",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{'name':'c','positions':{'dml_0':'y'}}]}"
                        + "|the position channel name is not virtual channel, dml_0",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{'name':''}]}"
                        + "|\"there is a collection name that is empty. \"",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{'name':'longer than ten'}]}"
                        + "|there are some collection names whose length exceeds 10 characters,"
                        + " [longer than ten]",
                "{'milvus_connect_param':{'uri':'u'},'collection_infos':[{'name':'*'}],"
                        + "'rpc_channel_info':{'name':'other'}}"
                        + "|the rpc channel is invalid, the channel name should be the same as the"
                        + " source config",
                "{'milvus_connect_param':{'uri':'ftp://h'},'collection_infos':[{'name':'*'}]}"
                        + "|the milvus uri must begin with http:// or https://, but it's 'ftp://h'",
                "{'milvus_connect_param':{'uri':'http://u:p@h'},'collection_infos':[{'name':'*'}]}"
                        + "|the milvus uri isn't of the form http://host:port; the login goes into"
                        + " 'token'",
            })
    void refuses(String request, String message) {
        ApiException refusal = refusal(request);
        assertThat(refusal.getMessage()).isEqualTo(message);
        assertThat(refusal.code()).isEqualTo(400);
    }

    @Test
    void tellsTheFirstBrokenRule() {
        String broken =
                "{'milvus_connect_param':{'host':'','port':-1,'username':'u','connect_timeout':-1},"
                        + "'buffer_config':{'period':-1,'size':-1},"
                        + "'db_collections':{'longer than ten':[{},{}]},"
                        + "'rpc_channel_info':{'name':'other'}}";
        List<String[]> repairs =
                List.of(
                        new String[] {"'port':-1", "'port':1"},
                        new String[] {"'host':''", "'host':'h'"},
                        new String[] {"'username':'u',", ""},
                        new String[] {"'connect_timeout':-1", "'connect_timeout':1"},
                        new String[] {"'period':-1", "'period':1"},
                        new String[] {"'size':-1", "'size':1"},
                        new String[] {"longer than ten", "db"},
                        new String[] {"[{},{}]", "[{}]"},
                        new String[] {"[{}]", "[{'name':'*'}]"},
                        new String[] {"'other'", "'by-dev-replicate-msg'"});
        List<String> told = new ArrayList<>();
        for (String[] repair : repairs) {
            told.add(refusal(broken).getMessage());
            broken = broken.replace(repair[0], repair[1]);
        }
        told.add(refusal(broken).getMessage());
        assertThat(told)
                .containsExactly(
                        "the downstream address is empty",
                        "the milvus host is empty",
                        "cannot set only one of the milvus username and password",
                        "the milvus connect timeout is less zero",
                        "the cache period is less zero",
                        "the cache size is less zero",
                        "the db name length exceeds 10 characters, longer than ten",
                        "the collection info should be only one.",
                        "there is a collection name that is empty. ",
                        "the rpc channel is invalid, the channel name should be the same as the"
                                + " source config",
                        "db_collections isn't supported yet");
    }

    @Test
    void countsNamesInBytes() {
        assertThat(refusal(GOOD.replace("*", "ééééé1")).getMessage())
                .contains("whose length exceeds 10 characters");
    }

    private static ApiException refusal(String request) {
        return catchThrowableOfType(ApiException.class, () -> check(request));
    }

    private static void check(String request) throws ApiException, IOException {
        Fields fields = Fields.of(new ObjectMapper().readTree(request.replace('\'', '"')));
        new CreateValidation(10, "by-dev-replicate-msg").check(CreateRequest.of(fields));
    }
}

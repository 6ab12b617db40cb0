// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the user named a Kafka to write to instead of a Milvus, in the API's form. Its text form
 * shows no secret.
 */
public record KafkaConnectParam(
        @JsonProperty("address") String address,
        @JsonProperty("topic") String topic,
        @JsonProperty("enable_sasl") boolean enableSasl,
        @JsonProperty("sasl") Sasl sasl) {

    /** No Kafka. */
    public static final KafkaConnectParam NONE =
            new KafkaConnectParam("", "", false, new Sasl("", "", "", ""));

    /** The login. Its text form shows no secret. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Sasl(
            @JsonProperty("username") String username,
            @JsonProperty("password") String password,
            @JsonProperty("mechanisms") String mechanisms,
            @JsonProperty("security_protocol") String securityProtocol) {

        public Sasl {
            username = orEmpty(username);
            password = orEmpty(password);
            mechanisms = orEmpty(mechanisms);
            securityProtocol = orEmpty(securityProtocol);
        }

        @Override
        public String toString() {
            return mechanisms + " over " + securityProtocol;
        }
    }

    public KafkaConnectParam {
        address = orEmpty(address);
        topic = orEmpty(topic);
        sasl = sasl == null ? new Sasl("", "", "", "") : sasl;
    }

    /** True when no Kafka is named. */
    @JsonIgnore
    public boolean isAbsent() {
        return address.isEmpty();
    }

    /** The same without login, for answers. */
    public KafkaConnectParam withoutSecrets() {
        return new KafkaConnectParam(
                address,
                topic,
                enableSasl,
                new Sasl("", "", sasl.mechanisms(), sasl.securityProtocol()));
    }

    @Override
    public String toString() {
        return isAbsent() ? "no Kafka" : "Kafka " + address + ", topic " + topic;
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }
}

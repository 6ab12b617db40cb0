// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.Status;
import io.milvuscdc.connectors.target.StatusClassifier.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatusClassifierTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0     | ''                                                                  | OK",
                "65535 | database already exist: d1                                          | ALREADY_DONE",
                "1602  | al is alias to another collection: a: alias already exist           | RETRY",
                "1900  | deny to use the replicate message in the normal instance            | FATAL",
                "1901  | invalid replicate msg bytes                                         | FATAL",
                "1303  | deny to write the message to mq                                     | FATAL",
                "1100  | invalid parameter                                                   | FATAL",
                "1401  | permission deny                                                     | FATAL",
                "1     | service not ready                                                   | RETRY",
                "8     | request is rejected by rate limiter                                 | RETRY",
                "100   | collection not found                                                | RETRY",
                "65535 | getSegmentID failed: SegmentIDAllocator failRemainRequest unexpected error | RETRY",
                "65535 | something that nobody has seen before                               | RETRY",
                "2     | not supported in streaming mode                                     | FATAL",
                "65535 | Broker: Message size too large                                      | FATAL",
                "65535 | message size exceeds MaxMessageSize: MessageTooBig                  | FATAL",
                "65535 | server error: NotAllowedError: Message is too large                 | FATAL",
            })
    void classifiesWhatMilvusAnswers(int code, String reason, Outcome outcome) {
        assertThat(StatusClassifier.classify(status(code, reason))).isEqualTo(outcome);
    }

    @Test
    @SuppressWarnings("deprecation") // what Milvus before 2.3 answers
    void understandsAnswersThatHaveTheOldCodeOnly() {
        Status missing = Status.newBuilder().setErrorCode(ErrorCode.CollectionNotExists).build();

        assertThat(StatusClassifier.isSuccess(missing)).isFalse();
        assertThat(StatusClassifier.isNotFound(missing)).isTrue();
        assertThat(
                        StatusClassifier.classify(
                                Status.newBuilder()
                                        .setErrorCode(ErrorCode.UnexpectedError)
                                        .build()))
                .isEqualTo(Outcome.RETRY);
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, , RETRY",
        "DEADLINE_EXCEEDED, , RETRY",
        "UNKNOWN, service unavailable: internal: Milvus Proxy is not ready yet, RETRY",
        "UNAUTHENTICATED, auth check failure, FATAL",
        "PERMISSION_DENIED, PrivilegeCreateCollection: permission deny to u1, FATAL",
        "UNIMPLEMENTED, unknown method, FATAL",
        "RESOURCE_EXHAUSTED, grpc: received message larger than max (70000000 vs. 67108864), FATAL",
        "RESOURCE_EXHAUSTED, too many requests, RETRY",
    })
    void classifiesCallsWithoutAnAnswer(
            io.grpc.Status.Code code, String description, Outcome outcome) {
        assertThat(
                        StatusClassifier.classify(
                                io.grpc.Status.fromCode(code)
                                        .withDescription(description)
                                        .asRuntimeException()))
                .isEqualTo(outcome);
    }

    @Test
    void saysWhatToDoAboutANormalInstanceAndAboutClocks() {
        assertThat(StatusClassifier.advice(status(1900, "")))
                .contains("common.ttMsgEnabled to false");
        assertThat(StatusClassifier.advice(status(65535, "SegmentIDAllocator failed")))
                .contains("clock");
    }

    @Test
    void saysWhichLimitOfTheTargetsQueueToRaise() {
        assertThat(StatusClassifier.advice(status(65535, "Broker: Message size too large")))
                .contains("message.max.bytes", "maxMessageSize");
    }

    private static Status status(int code, String reason) {
        return Status.newBuilder().setCode(code).setReason(reason).build();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.Serial;
import java.time.Clock;
import java.time.Duration;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link TickCoordinator} with its connections to the source's etcd and broker. */
final class TickCoordinatorFactory
        extends AbstractStreamOperatorFactory<CommittableMessage<CommitUnit>>
        implements OneInputStreamOperatorFactory<
                CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>> {

    @Serial private static final long serialVersionUID = 1L;

    private final SinkConfig config;
    private final Duration mayBeAhead;

    TickCoordinatorFactory(SinkConfig config, Duration mayBeAhead) {
        this.config = config;
        this.mayBeAhead = mayBeAhead;
    }

    @Override
    @SuppressWarnings({"unchecked", "deprecation", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<CommittableMessage<CommitUnit>>> T createStreamOperator(
            StreamOperatorParameters<CommittableMessage<CommitUnit>> parameters) {
        TickCoordinator operator =
                new TickCoordinator(
                        config, SourceView.opener(config), mayBeAhead, Clock.systemUTC());
        operator.setProcessingTimeService(parameters.getProcessingTimeService());
        operator.setup(
                parameters.getContainingTask(),
                parameters.getStreamConfig(),
                parameters.getOutput());
        return (T) operator;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return TickCoordinator.class;
    }
}

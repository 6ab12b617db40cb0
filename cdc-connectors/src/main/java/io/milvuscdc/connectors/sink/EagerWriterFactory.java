// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.Serial;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link EagerWriterOperator} with its connections. */
final class EagerWriterFactory
        extends AbstractStreamOperatorFactory<CommittableMessage<WriterReport>>
        implements OneInputStreamOperatorFactory<ChannelMessage, CommittableMessage<WriterReport>> {

    @Serial private static final long serialVersionUID = 1L;

    private final SinkConfig config;

    EagerWriterFactory(SinkConfig config) {
        this.config = config;
    }

    @Override
    @SuppressWarnings({"unchecked", "deprecation", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<CommittableMessage<WriterReport>>> T createStreamOperator(
            StreamOperatorParameters<CommittableMessage<WriterReport>> parameters) {
        EagerWriterOperator operator =
                new EagerWriterOperator(
                        (restored, metrics, context) ->
                                MilvusSink.openWriter(
                                        config,
                                        restored,
                                        metrics,
                                        config.feedLease(
                                                context.getJobInfo().getJobId().toHexString(),
                                                MilvusSink.writer(context.getTaskInfo()))));
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
        return EagerWriterOperator.class;
    }
}

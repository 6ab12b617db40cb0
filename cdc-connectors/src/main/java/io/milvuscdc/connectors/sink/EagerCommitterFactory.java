// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperatorFactory;

/** Makes the {@link EagerCommitterOperator} around Flink's operator. */
final class EagerCommitterFactory
        extends AbstractStreamOperatorFactory<CommittableMessage<CommitUnit>>
        implements OneInputStreamOperatorFactory<
                CommittableMessage<CommitUnit>, CommittableMessage<CommitUnit>> {

    @Serial private static final long serialVersionUID = 1L;

    private final Opener opener;

    /** Makes the committer, on the task's thread. */
    @FunctionalInterface
    interface Opener extends Serializable {
        TickCommitter open(CommitterInitContext context) throws IOException;
    }

    EagerCommitterFactory(Opener opener) {
        this.opener = opener;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<CommittableMessage<CommitUnit>>> T createStreamOperator(
            StreamOperatorParameters<CommittableMessage<CommitUnit>> parameters) {
        OpenedCommitter committer = new OpenedCommitter(opener);
        CommitterOperatorFactory<CommitUnit> ofCheckpoints =
                new CommitterOperatorFactory<>(committer, false, true);
        ofCheckpoints.setProcessingTimeService(parameters.getProcessingTimeService());
        OneInputStreamOperator<CommittableMessage<CommitUnit>, CommittableMessage<CommitUnit>>
                operator = ofCheckpoints.createStreamOperator(parameters);
        return (T) new EagerCommitterOperator(operator, committer);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return EagerCommitterOperator.class;
    }

    /** Keeps the committer that Flink's operator has opened, and closes. */
    static final class OpenedCommitter implements SupportsCommitter<CommitUnit> {

        @Serial private static final long serialVersionUID = 1L;

        private final Opener opener;
        private transient TickCommitter opened;

        private OpenedCommitter(Opener opener) {
            this.opener = opener;
        }

        @Override
        public Committer<CommitUnit> createCommitter(CommitterInitContext context)
                throws IOException {
            opened = opener.open(context);
            return opened;
        }

        @Override
        public SimpleVersionedSerializer<CommitUnit> getCommittableSerializer() {
            return CommitUnit.SERIALIZER;
        }

        TickCommitter get() {
            return opened;
        }
    }
}

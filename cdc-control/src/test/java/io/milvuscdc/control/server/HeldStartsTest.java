// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.config.SourceSettings;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.Source;
import org.junit.jupiter.api.Test;

/** What a queue keeps for a task that is made, or isn't after all. */
final class HeldStartsTest {

    private final TreeSet<String> kept = new TreeSet<>();
    private final HeldStarts starts =
            new HeldStarts(
                    new SourceSettings(
                            new EtcdConfig(List.of("http://h:2379"), "by-dev", "", ""),
                            new SourceChannels(new QueueDouble(), "dml", "replicate")),
                    (etcd, channels, request) -> {
                        assertThat(kept).as("kept before the start is looked for").isNotEmpty();
                        return StartPoint.BEGINNING;
                    });

    @Test
    void aTaskThatIsMadeHasWhatItNeedsUnderItsOwnName() throws Exception {
        resolve();
        starts.keep("t1");
        assertThat(kept).containsExactly("t1");
        starts.release("t1");
        assertThat(kept).isEmpty();
    }

    @Test
    void ofATaskThatIsNotMadeNothingIsLeft() throws Exception {
        resolve();
        starts.abandon("t1");
        assertThat(kept).isEmpty();
    }

    @Test
    void aJobByHandOfThatNameKeepsWhatIsHeldForItWhenTheTaskIsNotMade() throws Exception {
        kept.add("t1");
        resolve();
        starts.abandon("t1");
        assertThat(kept).containsExactly("t1");
    }

    @Test
    void whatAHaltInTheMiddleOfACreateLeftGoesWithTheTask() throws Exception {
        kept.add("t1");
        resolve();
        starts.release("t1");
        assertThat(kept).isEmpty();
    }

    private void resolve() throws IOException {
        assertThat(starts.resolve("t1", StartRequest.everything(false)))
                .isEqualTo(StartPoint.BEGINNING);
    }

    /** Remembers for whom it keeps something. */
    private final class QueueDouble implements MessageQueue {

        private static final long serialVersionUID = 1;

        @Override
        public Source<ChannelMessage, ?, ?> source(
                SourceChannels channels, StartPoint start, String taskId, boolean inStep) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public ChannelEnds ends(SourceChannels channels) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public MqMessageIds messageIds() {
            return MqMessageIds.PULSAR;
        }

        @Override
        public void hold(SourceChannels channels, String taskId) {
            kept.add(taskId);
        }

        @Override
        public void release(SourceChannels channels, String taskId) {
            kept.remove(taskId);
        }
    }
}

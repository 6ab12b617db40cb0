// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.LivePchannels;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.ChannelEnds;
import java.io.IOException;
import java.util.Map;

/** What the coordinator asks of the source. Used by one thread. */
interface SourceView extends AutoCloseable {

    /** Makes a view on the task's thread, not where the job graph is made. */
    @FunctionalInterface
    interface Opener {
        SourceView open() throws IOException;
    }

    /**
     * Pchannel to the smallest create timestamp of its live collections; sees whatever was written
     * before the call.
     */
    Map<String, Long> livePchannels() throws IOException;

    /** The ends of all pchannels. */
    Map<String, MqPosition> ends() throws IOException;

    @Override
    void close();

    static Opener opener(SinkConfig config) {
        return () ->
                Parts.assemble(
                        parts -> {
                            LivePchannels live = parts.add(new LivePchannels(config.etcd()));
                            ChannelEnds ends =
                                    parts.add(config.channels().queue().ends(config.channels()));
                            return of(live, ends);
                        });
    }

    /** Both, and owns them. */
    private static SourceView of(LivePchannels live, ChannelEnds ends) {
        return new SourceView() {
            @Override
            public Map<String, Long> livePchannels() throws IOException {
                return live.refresh();
            }

            @Override
            public Map<String, MqPosition> ends() throws IOException {
                return ends.ends();
            }

            @Override
            public void close() {
                Parts.closeAll(live, ends);
            }
        };
    }
}

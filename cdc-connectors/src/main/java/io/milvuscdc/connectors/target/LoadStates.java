// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.LoadState;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what of a copy is loaded. When a load has failed, Milvus answers the question with that
 * load's error, whatever its code, until the collection is loaded or released again, or for a day
 * (querycoord's {@code GlobalFailedLoadCache}). So a refusal isn't handed on: whatever is done
 * about it comes to the target by another call, which fails where the target as a whole is at
 * fault. Used by one thread.
 */
final class LoadStates {

    private static final Logger LOG = LoggerFactory.getLogger(LoadStates.class);

    private final TargetClient client;

    LoadStates(TargetClient client) {
        this.client = client;
    }

    /**
     * Of the whole collection.
     *
     * @return empty when the target refuses to say
     */
    Optional<LoadState> of(TargetCollection copy) {
        return ask(copy, List.of());
    }

    /** False, too, when the target refuses to say. */
    boolean isLoaded(TargetCollection copy, Collection<String> partitions) {
        return ask(copy, partitions).map(LoadStates::isLoaded).orElse(false);
    }

    /** True, too, when the target refuses to say; with no partition, of the whole collection. */
    boolean mayBeLoaded(TargetCollection copy, Collection<String> partitions) {
        return ask(copy, partitions).map(LoadStates::isLoaded).orElse(true);
    }

    static boolean isLoaded(LoadState state) {
        return state == LoadState.LoadStateLoaded || state == LoadState.LoadStateLoading;
    }

    /** Whether an error is the target's answer to the question, which may be a failed load's. */
    static boolean isRefusal(TargetException error) {
        return error.kind() == Kind.RETRY && error.code() != TargetException.NO_CODE;
    }

    private Optional<LoadState> ask(TargetCollection copy, Collection<String> partitions) {
        try {
            return Optional.of(client.loadState(copy.db(), copy.name(), partitions));
        } catch (TargetException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            LOG.info(
                    "What is loaded of target collection {} isn't known, which may be because of a"
                            + " load that failed: {}",
                    copy.fullName(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}

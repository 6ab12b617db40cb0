// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.Serializable;
import java.time.Duration;

/**
 * How calls to the target are tried again.
 *
 * @param first pause before the second attempt; doubles up to {@code longest}
 * @param giveUpAfter how long one call is tried before the job fails (and starts again from its
 *     last checkpoint)
 * @param settle how long an attempt whose outcome is unknown may still take effect at the target;
 *     its repetition isn't acknowledged earlier, so that no tick gets between the two
 */
public record RetryPolicy(Duration first, Duration longest, Duration giveUpAfter, Duration settle)
        implements Serializable {

    public static final RetryPolicy DEFAULT =
            new RetryPolicy(
                    Duration.ofMillis(500),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(2));

    Duration pause(int attempt) {
        long millis = first.toMillis() << Math.min(attempt, 10);
        return Duration.ofMillis(Math.min(millis, longest.toMillis()));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

/**
 * Finds out, without a side effect, whether a target can be replicated to: reachable, login right,
 * in standby mode. Waits at most about the connect timeout.
 */
public final class TargetCheck {

    private TargetCheck() {}

    /**
     * Checks.
     *
     * @throws FatalTargetException what's wrong and what to do, for the user
     */
    public static void run(TargetConfig config) {
        TargetConfig quick =
                new TargetConfig(
                        config.uri(),
                        config.token(),
                        config.connectTimeout(),
                        config.connectTimeout(),
                        1);
        try (TargetClient client = new TargetClient(quick)) {
            client.probeStandby();
            client.listDatabases();
        } catch (FatalTargetException e) {
            throw e;
        } catch (TargetException e) {
            throw new FatalTargetException(e.code(), e.getMessage(), e);
        }
    }
}

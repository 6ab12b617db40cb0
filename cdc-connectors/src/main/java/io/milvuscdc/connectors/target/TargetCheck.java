// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.scope.ReplicationScope;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        try (TargetClient client = quick(config)) {
            client.probeStandby();
            client.listDatabases();
        } catch (FatalTargetException e) {
            throw e;
        } catch (TargetException e) {
            throw new FatalTargetException(e.code(), e.getMessage(), e);
        }
    }

    /**
     * What a target says of itself.
     *
     * @param version for example {@code v2.3.5}; empty when it doesn't say
     * @param clockMillis its clock, as it was between {@code before} and {@code after}
     * @param before this machine's clock
     * @param after this machine's clock
     */
    public record Facts(String version, long clockMillis, long before, long after) {}

    /**
     * Asks for them.
     *
     * @throws TargetException when it doesn't answer, or doesn't know these questions
     */
    public static Facts facts(TargetConfig config) {
        try (TargetClient client = quick(config)) {
            String version = client.version();
            long before = System.currentTimeMillis();
            long clock = Tso.physicalMillis(client.timestamp());
            return new Facts(version, clock, before, System.currentTimeMillis());
        }
    }

    /**
     * Looks for collections that somebody put on the target under the name that a source collection
     * is to have there, and that its rows don't fit in. Copies that replication made, also of
     * collections renamed since, are left to the task.
     *
     * @param scope the task's; what is outside its selection isn't looked at
     * @param live the source's live collections
     * @throws FatalTargetException naming the first collection that differs, and in what; or two
     *     that the mapping gives one name
     */
    public static void schemas(
            TargetConfig config, ReplicationScope scope, List<SourceCollection> live) {
        Set<Long> copies = new HashSet<>();
        live.forEach(source -> copies.add(source.createTs()));
        List<SourceCollection> members =
                live.stream().filter(c -> scope.selection().covers(c.dbName(), c.name())).toList();
        scope.nameClash(members)
                .ifPresent(
                        clash -> {
                            throw new FatalTargetException(clash);
                        });
        List<SourceCollection> sources = members.stream().map(scope::atTarget).toList();
        try (TargetClient client = quick(config)) {
            List<String> databases = client.listDatabases();
            for (SourceCollection source : sources) {
                if (databases.contains(source.dbName())) {
                    client.describe(source.dbName(), source.name())
                            .filter(there -> !copies.contains(there.createdTs()))
                            .ifPresent(there -> requireFit(source, there));
                }
            }
        }
    }

    private static void requireFit(SourceCollection source, TargetCollection there) {
        SchemaComparison.difference(source, there)
                .ifPresent(
                        difference -> {
                            throw misfit(there.fullName(), difference);
                        });
    }

    static FatalTargetException misfit(String collection, String difference) {
        return new FatalTargetException(
                "The target already has a collection "
                        + collection
                        + " that rows of the source's don't fit in: "
                        + difference
                        + "; drop or rename it, or leave it out of the task");
    }

    private static TargetClient quick(TargetConfig config) {
        return new TargetClient(
                new TargetConfig(
                        config.uri(),
                        config.token(),
                        config.tls(),
                        config.connectTimeout(),
                        config.connectTimeout(),
                        1));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.TickMark;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.KafkaSecurity;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;

/** What may use what in this module. */
@AnalyzeClasses(
        packages = "io.milvuscdc.control",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final Class<?>[] SPOKEN_OF = {
        SourceChannels.class,
        MessageQueue.class,
        ChannelEnds.class,
        KafkaQueue.class,
        KafkaSecurity.class,
        StartPoint.class,
        ChannelPosition.class,
        MqMessageIds.class,
        MqPosition.class,
        Tso.class,
        CommittedPositions.class,
        TickMark.class
    };

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.milvuscdc.control.(*)..").should().beFreeOfCycles();

    // but for what says where the source's channels are, where to begin and where a task stands
    @ArchTest
    static final ArchRule KNOWS_NOTHING_OF_SOURCE_AND_SINK =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "io.milvuscdc.connectors.source..",
                                            "io.milvuscdc.connectors.sink..",
                                            "io.milvuscdc.connectors.message..")
                                    .and(not(belongToAnyOf(SPOKEN_OF))));

    @ArchTest
    static final ArchRule ONLY_WHAT_RUNS_JOBS_OR_READS_CHECKPOINTS_KNOWS_FLINKS_RUNTIME =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.milvuscdc.control.cluster..", "io.milvuscdc.control.progress..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.flink.runtime..", "org.apache.flink.streaming..");

    @ArchTest
    static final ArchRule ONLY_MAIN_ENDS_THE_PROCESS =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("Main")
                    .should()
                    .callMethod(System.class, "exit", int.class);
}

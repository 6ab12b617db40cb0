// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.SourceVersion;
import io.milvuscdc.control.api.Finding;
import java.io.IOException;
import java.util.Optional;

/** Which versions of Milvus can be replicated from and into. */
final class VersionRule {

    static final String MAKE_SURE = "make sure that it is a Milvus 2.3.2 to 2.5";

    private static final String SOURCE = "source_version";
    private static final SourceVersion FIRST = new SourceVersion(2, 3, 2);
    private static final SourceVersion NO_LONGER = new SourceVersion(2, 6, 0);

    private VersionRule() {}

    static Finding ofSource(EtcdConfig etcd) {
        try {
            return SourceVersion.read(etcd)
                    .map(version -> of(SOURCE, "the source", version))
                    .orElseGet(
                            () ->
                                    Finding.advice(
                                            SOURCE,
                                            "no root coordinator of the source says its version in"
                                                    + " etcd",
                                            "start the source; " + MAKE_SURE));
        } catch (IOException e) {
            return Finding.broken(SOURCE, e.getMessage(), "look at the check etcd");
        }
    }

    static Finding ofTarget(String check, String said) {
        Optional<SourceVersion> version = SourceVersion.parse(said);
        return version.isPresent()
                ? of(check, "the target", version.get())
                : Finding.advice(check, "the target calls its version '" + said + "'", MAKE_SURE);
    }

    static Finding of(String check, String who, SourceVersion version) {
        String detail = who + " is a Milvus " + version;
        if (version.compareTo(FIRST) < 0 || version.compareTo(NO_LONGER) >= 0) {
            return Finding.broken(
                    check,
                    detail + ", and 2.3.2 to 2.5 are supported",
                    "use a Milvus 2.3.2 to 2.5");
        }
        return Finding.well(check, detail);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static io.milvuscdc.connectors.catalogue.MilvusMeta.CREATED;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.CREATING;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.DROPPING;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.TOMBSTONE;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.collection;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.field;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceCatalogueITCase {

    private static final String INFO = "root-coord/database/collection-info/1/";

    private EtcdProcess etcd;
    private int roots;
    private String root;

    @BeforeAll
    void startEtcd(@TempDir Path directory) throws Exception {
        etcd = new EtcdProcess(directory);
    }

    @AfterAll
    void stopEtcd() throws Exception {
        etcd.close();
    }

    @BeforeEach
    void useAFreshMetaRoot() {
        root = "test-" + roots++ + "/meta";
        put("root-coord/database/db-info/1", MilvusMeta.database(1, "default"));
    }

    private void put(String key, ByteString value) {
        etcd.put(root + "/" + key, value);
    }

    private static void soon(String what, Callable<Boolean> condition) {
        Conditions.await(Duration.ofSeconds(30), what, condition);
    }

    private static List<String> names(SourceCatalogue catalogue) {
        return catalogue.collections().stream().map(SourceCollection::name).toList();
    }

    @Test
    void followsACollectionFromItsCreationToItsRemoval() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (SourceCatalogue catalogue =
                SourceCatalogue.open(etcd.config(root), calls::incrementAndGet)) {
            assertThat(catalogue.collections()).isEmpty();
            assertThat(catalogue.databases())
                    .extracting(SourceDatabase::name)
                    .containsExactly("default");
            put(INFO + "100", collection(100, "c", CREATING));
            put("root-coord/partitions/100/7", partition(100, 7, "_default", CREATED));
            put("root-coord/fields/100/100", field(100, "pk"));
            soon("creating", () -> catalogue.collection(100).isPresent());
            assertThat(catalogue.collections()).isEmpty();
            put(INFO + "100", collection(100, "c", CREATED));
            soon("created", () -> names(catalogue).equals(List.of("c")));
            assertThat(catalogue.collections().get(0).partitions()).hasSize(1);
            assertThat(catalogue.collections().get(0).schema().getFieldsList()).hasSize(1);
            assertThat(catalogue.drainChangedCollections()).containsExactly(100L);

            put(INFO + "100", collection(100, "renamed", CREATED));
            soon("renamed", () -> names(catalogue).equals(List.of("renamed")));
            put("root-coord/partitions/100/8", partition(100, 8, "p", CREATED));
            soon("partition", () -> catalogue.collections().get(0).partitions().size() == 2);
            put("root-coord/partitions/100/8", TOMBSTONE);
            soon("no partition", () -> catalogue.collections().get(0).partitions().size() == 1);

            put(INFO + "100", collection(100, "renamed", DROPPING));
            soon("dropped", () -> catalogue.collections().isEmpty());
            assertThat(catalogue.collection(100)).isPresent();
            put(INFO + "100", TOMBSTONE);
            soon("removed", () -> catalogue.collection(100).isEmpty());
            assertThat(calls).hasPositiveValue();
        }
    }

    @Test
    void findsPutsAndDeletesThatWereCompactedWhileItWasCutOff() throws Exception {
        put(INFO + "100", collection(100, "deleted", CREATED));
        put(INFO + "200", collection(200, "tombstoned", CREATED));
        put(INFO + "300", collection(300, "renamed", CREATED));
        put(INFO + "400", collection(400, "untouched", CREATED));
        try (CuttableProxy proxy = new CuttableProxy(etcd.endpoint());
                SourceCatalogue catalogue =
                        SourceCatalogue.open(
                                new EtcdConfig(List.of(proxy.endpoint()), root, "", ""))) {
            assertThat(catalogue.drainChangedCollections()).hasSize(4);
            proxy.cut();
            etcd.delete(root + "/" + INFO + "100");
            put(INFO + "200", TOMBSTONE);
            put(INFO + "300", collection(300, "new name", CREATED));
            put(INFO + "500", collection(500, "put", CREATED));
            etcd.compact();
            assertThat(names(catalogue)).hasSize(4).contains("deleted", "tombstoned", "renamed");
            proxy.mend();
            soon(
                    "listed again",
                    () -> names(catalogue).equals(List.of("new name", "untouched", "put")));
            assertThat(catalogue.drainChangedCollections()).containsExactly(100L, 200L, 300L, 500L);
            put(INFO + "600", collection(600, "later", CREATED));
            soon("followed again", () -> names(catalogue).contains("later"));
        }
    }

    @Test
    void takesAnEtcdThatIsSuddenlyEmptyForAnOutage() throws Exception {
        put(INFO + "100", collection(100, "c", CREATED));
        try (CuttableProxy proxy = new CuttableProxy(etcd.endpoint());
                SourceCatalogue catalogue =
                        SourceCatalogue.open(
                                new EtcdConfig(List.of(proxy.endpoint()), root, "", ""))) {
            proxy.cut();
            etcd.delete(root + "/" + INFO + "100");
            etcd.delete(root + "/root-coord/database/db-info/1");
            proxy.mend();
            Conditions.during(
                    Duration.ofSeconds(3),
                    "nothing is dropped",
                    () -> names(catalogue).equals(List.of("c")));
            put("root-coord/database/db-info/1", MilvusMeta.database(1, "default"));
            soon("it is followed again", () -> names(catalogue).isEmpty());
        }
    }

    @Test
    void aWatchFromACompactedRevisionIsLost() throws Exception {
        long old = etcd.revision();
        put(INFO + "100", collection(100, "c", CREATED));
        etcd.compact();
        try (EtcdConnection connection = new EtcdConnection(etcd.config(root));
                EtcdWatch watch = connection.watch(root, EtcdProcess.bytes(root + "0"), old - 1)) {
            assertThatThrownBy(
                            () -> {
                                while (watch.poll(Duration.ofSeconds(10)).isPresent()) {
                                    // the notice that it was created comes first
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .matches(EtcdConnection::isCompacted);
        }
    }

    @Test
    void aWatchThatIsAskedForProgressGivesASignOfLife() throws Exception {
        try (EtcdConnection connection = new EtcdConnection(etcd.config(root));
                EtcdWatch watch =
                        connection.watch(
                                root, EtcdProcess.bytes(root + "0"), etcd.revision() + 1)) {
            assertThat(watch.poll(Duration.ofSeconds(10))).isPresent();
            watch.requestProgress();
            assertThat(watch.poll(Duration.ofSeconds(10)))
                    .hasValueSatisfying(r -> assertThat(r.getEvents()).isEmpty());
        }
    }

    @Test
    void outlivesAKilledEtcd() throws Exception {
        put(INFO + "100", collection(100, "before", CREATED));
        try (SourceCatalogue catalogue = SourceCatalogue.open(etcd.config(root));
                LivePchannels pchannels = new LivePchannels(etcd.config(root))) {
            pchannels.refresh();
            etcd.kill();
            assertThatThrownBy(pchannels::refresh)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("etcd");
            assertThat(names(catalogue)).containsExactly("before");
            etcd.start();
            put(INFO + "200", collection(200, "after", CREATED));
            soon("followed again", () -> names(catalogue).contains("after"));
            soon("polled again", () -> !pchannels.refresh().isEmpty());
        }
    }

    @Test
    void listsMoreKeysThanFitAPage() throws Exception {
        for (int id = 1000; id < 1600; id++) {
            put(INFO + id, collection(id, "c" + id, CREATED));
        }
        try (SourceCatalogue catalogue = SourceCatalogue.open(etcd.config(root));
                LivePchannels pchannels = new LivePchannels(etcd.config(root))) {
            assertThat(catalogue.collections()).hasSize(600);
            assertThat(pchannels.refresh()).containsOnlyKeys("by-dev-rootcoord-dml_0");
        }
    }

    @Test
    void saysWhatIsWrongWhenItCannotOpen() throws Exception {
        assertThatThrownBy(() -> SourceCatalogue.open(etcd.config("nothing/here")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is the meta root right?");
        EtcdConfig nobody = new EtcdConfig(List.of("127.0.0.1:1"), root, "", "");
        assertThatThrownBy(() -> SourceCatalogue.open(nobody))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be reached");
        EtcdConfig login = new EtcdConfig(List.of(etcd.endpoint()), root, "root", "s3cret");
        assertThatThrownBy(() -> SourceCatalogue.open(login))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leave the etcd username empty")
                .hasMessageNotContaining("s3cret");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the source's etcd says about databases and collections, kept up to date by a watch; during
 * an outage of etcd it stays as it was. Thread-safe; only {@link #open} waits for etcd. Every
 * method that returns metadata throws {@link UncheckedIOException}, naming the key, while etcd
 * holds a value that Milvus wouldn't write: nothing may be concluded from the rest.
 */
public final class SourceCatalogue implements AutoCloseable {

    private static final Duration COUNT_BOUND = Duration.ofSeconds(30);

    private final EtcdMirror mirror;
    private final CatalogueIndex index; // guarded by the mirror's lock

    private SourceCatalogue(EtcdMirror mirror, CatalogueIndex index) {
        this.mirror = mirror;
        this.index = index;
    }

    /** {@link #open(EtcdConfig, Runnable)} for those who look at {@link #changeCount}. */
    public static SourceCatalogue open(EtcdConfig config) throws IOException {
        return open(config, () -> {});
    }

    /**
     * Reads everything once, then follows.
     *
     * @param onChange called after every later change, by a thread of the catalogue, without a
     *     lock; must not block
     * @throws IOException in words for the user: etcd cannot be read within about a minute, or
     *     holds nothing under the meta root
     */
    public static SourceCatalogue open(EtcdConfig config, Runnable onChange) throws IOException {
        MetaKeys keys = new MetaKeys(config.metaRoot());
        EtcdConnection connection = new EtcdConnection(config);
        EtcdMirror mirror = new EtcdMirror(connection, keys.prefixes(), onChange);
        try {
            if (connection.count(keys.root(), COUNT_BOUND) == 0) {
                throw new IOException(
                        config
                                + " answers, but holds nothing under '"
                                + keys.root()
                                + "': is the meta root right? It is the source's"
                                + " etcd.rootPath/etcd.metaSubPath");
            }
            mirror.start();
            return new SourceCatalogue(
                    mirror, mirror.read((copy, changed) -> new CatalogueIndex(keys, copy)));
        } catch (UncheckedIOException e) {
            mirror.close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            mirror.close();
            throw e;
        }
    }

    /** The databases that exist, by id; the default one always does. */
    public List<SourceDatabase> databases() {
        return read(CatalogueIndex::databases);
    }

    /** The collections that exist (created and not dropped), by id. */
    public List<SourceCollection> collections() {
        return read(CatalogueIndex::collections);
    }

    /**
     * A collection in whatever state etcd holds it. Once a collection is dropped, its database can
     * be gone too, and the name of that be empty.
     */
    public Optional<SourceCollection> collection(long id) {
        return read(i -> i.collection(id));
    }

    /**
     * The ids of the collections of which anything changed since the last call: state, name,
     * schema, partitions, aliases, indexes, load, database. The first call returns all.
     */
    public Set<Long> drainChangedCollections() {
        return read(CatalogueIndex::drainChanged);
    }

    /** Grows with every change of collections or databases. */
    public long changeCount() {
        return mirror.changeCount();
    }

    /** The etcd revision up to which everything is surely known here. */
    public long revision() {
        return mirror.revision();
    }

    private <T> T read(Function<CatalogueIndex, T> reader) {
        return mirror.read(
                (copy, changed) -> {
                    index.absorb(changed);
                    return reader.apply(index);
                });
    }

    @Override
    public void close() {
        mirror.close();
    }
}

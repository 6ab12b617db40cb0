/**
 * What the source's etcd says: databases, collections, partitions, aliases, indexes, load state.
 */
package io.milvuscdc.connectors.catalogue;

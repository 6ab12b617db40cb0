/**
 * Real servers on loopback, for the tests and for the quickstart: etcd, Kafka and Milvus, each in
 * its own process, none of which outlives the JVM that started it.
 */
package io.milvuscdc.e2e.servers;

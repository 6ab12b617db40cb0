/** Records what a real Milvus writes to its message queue and etcd, as data for unit tests. */
package io.milvuscdc.e2e.record;

/** The replication job of one task: its contract and how it's put together. */
package io.milvuscdc.job;

/**
 * Writing to the target exactly once: rows ahead of the time tick by the writer, ticks and drops by
 * the one committer, what to commit decided by the coordinator between them.
 */
package io.milvuscdc.connectors.sink;

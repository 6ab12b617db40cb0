/**
 * The wire format of Milvus' channels: decoding, rewriting of ids, positions. Knows nothing of
 * Flink.
 */
package io.milvuscdc.connectors.message;

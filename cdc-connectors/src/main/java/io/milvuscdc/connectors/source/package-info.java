/** Reading Milvus' channels with Flink: subscription, start positions, decoding, watermarks. */
package io.milvuscdc.connectors.source;

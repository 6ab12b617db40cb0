/**
 * The target Milvus: its gRPC client, what it describes of itself, and what makes its metadata
 * equal.
 */
package io.milvuscdc.connectors.target;

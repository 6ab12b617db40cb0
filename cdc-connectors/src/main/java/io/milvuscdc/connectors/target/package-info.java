/**
 * The target Milvus: calling it, what it holds, making its metadata equal to the source's. Knows
 * nothing of Flink's runtime; its fatal errors carry the annotation that stops Flink's restarts.
 */
package io.milvuscdc.connectors.target;

/** What went wrong, in a form that Flink's job manager understands. */
package io.milvuscdc.connectors.failure;

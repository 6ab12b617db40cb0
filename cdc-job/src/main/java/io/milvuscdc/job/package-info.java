/** The Flink job that replicates one task: what it consists of, and where it starts. */
package io.milvuscdc.job;

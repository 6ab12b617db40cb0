/** Flink as the control plane sees it: jobs by id, and what they leave on disk. */
package io.milvuscdc.control.cluster;

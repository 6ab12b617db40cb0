/** Changes to a real Milvus: schemas of every type, rows of every kind, and the calls for them. */
package io.milvuscdc.e2e.workload;

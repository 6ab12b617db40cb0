/** Measures a replication between real servers; run by hand. */
package io.milvuscdc.e2e.measure;

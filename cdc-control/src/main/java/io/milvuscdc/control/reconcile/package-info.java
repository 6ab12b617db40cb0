/** Makes Flink match what the store says is wanted. */
package io.milvuscdc.control.reconcile;

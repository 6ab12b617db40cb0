/** Checkpoints that tell when a byte of them has changed, and that a loss of power leaves whole. */
package io.milvuscdc.connectors.checkpoint;

/**
 * What stands in a broker's topics, and whether it proves that rows were replicated exactly once.
 */
package io.milvuscdc.e2e.queue;

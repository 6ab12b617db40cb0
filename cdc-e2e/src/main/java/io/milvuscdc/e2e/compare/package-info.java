/** Reads what a Milvus holds and compares two of them by content: every object, row and field. */
package io.milvuscdc.e2e.compare;

/** Makes tasks of this program out of those that a Go Milvus-CDC has left in its store. */
package io.milvuscdc.control.takeover;

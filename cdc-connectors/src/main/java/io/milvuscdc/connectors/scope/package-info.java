/** What of a source is replicated, and under which names: a task's selection and its mapping. */
package io.milvuscdc.connectors.scope;

/** What a task is: the model that API, store and reconcile loop share. */
package io.milvuscdc.control.task;

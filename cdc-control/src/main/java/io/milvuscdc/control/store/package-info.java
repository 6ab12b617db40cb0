/** Where tasks outlive the process. */
package io.milvuscdc.control.store;

/** {@code POST /cdc}: one class per request, its fields and answers as records, checks apart. */
package io.milvuscdc.control.api;

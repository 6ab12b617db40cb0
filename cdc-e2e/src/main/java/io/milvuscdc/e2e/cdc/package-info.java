/** A client of the control plane's HTTP API. */
package io.milvuscdc.e2e.cdc;

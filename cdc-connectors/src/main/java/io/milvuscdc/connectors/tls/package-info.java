/** Certificates and keys of connections: read from PEM, carried to where they're needed. */
package io.milvuscdc.connectors.tls;

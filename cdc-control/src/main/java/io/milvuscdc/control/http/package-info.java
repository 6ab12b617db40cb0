/** What all HTTP listeners share: bounds in size and time, the token, TLS; no page of its own. */
package io.milvuscdc.control.http;

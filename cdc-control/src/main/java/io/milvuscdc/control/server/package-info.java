/** The process: its command line, and what belongs together at start and stop. */
package io.milvuscdc.control.server;

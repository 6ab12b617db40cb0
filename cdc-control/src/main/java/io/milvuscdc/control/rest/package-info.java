/** Flink's documented REST API over HTTP: requests, answers, and what it refuses. */
package io.milvuscdc.control.rest;

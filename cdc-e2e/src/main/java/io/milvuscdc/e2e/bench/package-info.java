/** Measures whole replications between real servers: what {@code deploy/bench.sh} runs. */
package io.milvuscdc.e2e.bench;

/** The demonstration that {@code deploy/quickstart.sh} runs. */
package io.milvuscdc.e2e.quickstart;

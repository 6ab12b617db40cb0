/** The settings of the control plane, from cdc.yaml. */
package io.milvuscdc.control.config;

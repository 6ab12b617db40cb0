/** Who may feed a target: one job per source, noted in the source's etcd. */
package io.milvuscdc.connectors.feeding;

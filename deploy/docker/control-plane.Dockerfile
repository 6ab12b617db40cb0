# SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
# SPDX-License-Identifier: Apache-2.0
#
# The control plane, with Flink inside. It copies what the build made:
#
#   mvn -DskipTests package
#   docker build -f deploy/docker/control-plane.Dockerfile -t milvus-cdc:0.1.0 .
#
# Settings come from a mounted /etc/milvus-cdc/cdc.yaml (deploy/compose and deploy/kubernetes have
# examples). Tasks, checkpoints and savepoints are below /var/lib/milvus-cdc: what must not get lost.

# bin/milvus-cdc wants Java 17, and 17 only
FROM eclipse-temurin:17.0.15_6-jre-jammy

# A number rather than a name, so that Kubernetes can see that it isn't root. The directories belong
# to it so that a new volume that is mounted there does, too.
RUN groupadd --system --gid 10001 milvus-cdc \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin milvus-cdc \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/milvus-cdc /var/log/milvus-cdc

# root's, and read-only to the process
COPY cdc-control/target/milvus-cdc/ /opt/milvus-cdc/

ENV MILVUS_CDC_LOG_DIR=/var/log/milvus-cdc
USER 10001:10001
WORKDIR /opt/milvus-cdc
# 8444: POST /cdc and /healthz; 8445: metrics; 8081: Flink's web UI
EXPOSE 8444 8445 8081

# execs Java: SIGTERM reaches it, and it stops every task with a savepoint (allow it 90 s)
ENTRYPOINT ["/opt/milvus-cdc/bin/milvus-cdc"]
CMD ["server", "--config", "/etc/milvus-cdc/cdc.yaml"]

# SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
# SPDX-License-Identifier: Apache-2.0
#
# A Flink cluster that runs one task, for the Flink Kubernetes Operator (deploy/kubernetes). It
# copies what the build made:
#
#   mvn -DskipTests package
#   docker build -f deploy/docker/flink-job.Dockerfile -t milvus-cdc-job:0.1.0 .

# the Flink that the tests run, see flink.version in pom.xml
FROM flink:1.20.5-scala_2.12-java17

# The version in the name begins with a digit (cdc-job-plain.jar is something else); two of them
# would fail here.
COPY cdc-job/target/cdc-job-[0-9]*.jar /opt/flink/usrlib/cdc-job.jar

# For checkpoints in an object store, add its plugin here rather than with ENABLE_BUILT_IN_PLUGINS,
# which needs a root file system that can be written to:
#
#   RUN mkdir -p /opt/flink/plugins/s3-fs-presto \
#       && ln -s /opt/flink/opt/flink-s3-fs-presto-1.20.5.jar /opt/flink/plugins/s3-fs-presto/

# flink, by its number, so that Kubernetes can see that it isn't root; the entry point stays Flink's
USER 9999:9999

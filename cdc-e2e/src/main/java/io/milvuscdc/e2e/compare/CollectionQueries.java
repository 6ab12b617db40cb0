// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.QueryRequest;
import io.milvus.grpc.QueryResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Queries of one collection: counts, and all rows in pages by primary key. Only the first one waits
 * for what its consistency asks for; what it has seen, those after it see, too.
 *
 * <p>A query without a limit can't be trusted where rows of one key are there more than once, as
 * at-least-once may leave them: Milvus 2.3.5 ends each growing segment's answer when it has as many
 * rows as the segment has keys, copies counted, and so leaves out the highest keys (measured: 200
 * rows and one copy show 199). With a limit the copies count, too; so every query has the highest
 * that Milvus takes, and no more than a quarter of that is used of an answer.
 */
final class CollectionQueries {

    private static final int MOST_ROWS = 16_384;

    /** Three copies of every row of a page still leave the page whole. */
    private static final int PAGE_ROWS = MOST_ROWS / 4;

    private final MilvusServiceBlockingStub stub;
    private ConsistencyLevel consistency;
    private final String db;
    private final String name;
    private final String primaryKey;
    private final String everyKey;
    private final boolean partitionKey;

    CollectionQueries(
            MilvusServiceBlockingStub stub,
            ConsistencyLevel consistency,
            String db,
            String name,
            CollectionSchema schema) {
        this.stub = stub;
        this.consistency = consistency;
        this.db = db;
        this.name = name;
        FieldSchema key =
                schema.getFieldsList().stream()
                        .filter(FieldSchema::getIsPrimaryKey)
                        .findFirst()
                        .orElseThrow();
        this.primaryKey = key.getName();
        this.everyKey =
                key.getDataType() == DataType.VarChar
                        ? primaryKey + " >= \"\""
                        : primaryKey + " >= 0 or " + primaryKey + " < 0";
        this.partitionKey =
                schema.getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey);
    }

    long count(List<String> partitions) {
        FieldData column =
                ask(request("", List.of("count(*)"), partitions).build()).getFieldsData(0);
        return column.getScalars().getLongData().getData(0);
    }

    Optional<Long> countOfPartition(String partition) {
        return partitionKey ? Optional.empty() : Optional.of(count(List.of(partition)));
    }

    RowDigests rows(List<String> partitions) {
        RowDigests rows = new RowDigests();
        String rest = everyKey;
        List<Comparable<?>> keys = keysOfPage(rest, partitions);
        while (!keys.isEmpty()) {
            String last = literal(keys.get(keys.size() - 1));
            String page =
                    "%s >= %s and %s <= %s"
                            .formatted(primaryKey, literal(keys.get(0)), primaryKey, last);
            QueryResults answer = query(page, List.of("*"), partitions);
            if (answer.getFieldsDataCount() > 0) {
                rows.add(primaryKey, answer.getFieldsDataList());
            }
            rest = primaryKey + " > " + last;
            keys = keysOfPage(rest, partitions);
        }
        return rows;
    }

    /** The lowest keys of what is left, in order. */
    private List<Comparable<?>> keysOfPage(String rest, List<String> partitions) {
        QueryResults answer = query(rest, List.of(primaryKey), partitions);
        List<Comparable<?>> keys = new ArrayList<>();
        for (FieldData column : answer.getFieldsDataList()) {
            for (int row = 0; row < FieldValues.rows(column); row++) {
                keys.add(FieldValues.key(column, row));
            }
        }
        keys.sort(RowDigests.KEY_ORDER);
        return keys.subList(0, Math.min(PAGE_ROWS, keys.size()));
    }

    private QueryResults query(String expression, List<String> fields, List<String> partitions) {
        KeyValuePair limit =
                KeyValuePair.newBuilder()
                        .setKey("limit")
                        .setValue(Integer.toString(MOST_ROWS))
                        .build();
        return ask(request(expression, fields, partitions).addQueryParams(limit).build());
    }

    private QueryRequest.Builder request(
            String expression, List<String> fields, List<String> partitions) {
        QueryRequest.Builder request =
                QueryRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setExpr(expression)
                        .addAllOutputFields(fields)
                        .setConsistencyLevel(consistency);
        if (!partitionKey) {
            request.addAllPartitionNames(partitions);
        }
        return request;
    }

    private QueryResults ask(QueryRequest request) {
        QueryResults answer =
                stub.withDeadlineAfter(MilvusReader.DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .query(request);
        MilvusReader.check(
                "query " + db + "." + name + " " + request.getExpr(), answer.getStatus());
        consistency = ConsistencyLevel.Eventually;
        return answer;
    }

    private static String literal(Comparable<?> key) {
        return key instanceof String text
                ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : key.toString();
    }
}

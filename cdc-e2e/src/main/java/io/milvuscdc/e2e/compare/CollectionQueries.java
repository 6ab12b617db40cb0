// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
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
 */
final class CollectionQueries {

    private static final int PAGE_ROWS = 4_000;

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
        // a query without an expression needs a limit, and limits end at 16384
        this.everyKey =
                key.getDataType() == DataType.VarChar
                        ? primaryKey + " >= \"\""
                        : primaryKey + " >= 0 or " + primaryKey + " < 0";
        this.partitionKey =
                schema.getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey);
    }

    long count(List<String> partitions) {
        FieldData column = query("", List.of("count(*)"), partitions).getFieldsData(0);
        return column.getScalars().getLongData().getData(0);
    }

    Optional<Long> countOfPartition(String partition) {
        return partitionKey ? Optional.empty() : Optional.of(count(List.of(partition)));
    }

    RowDigests rows(List<String> partitions) {
        RowDigests rows = new RowDigests();
        List<Comparable<?>> keys = keys(partitions);
        for (int from = 0; from < keys.size(); from += PAGE_ROWS) {
            Comparable<?> first = keys.get(from);
            Comparable<?> last = keys.get(Math.min(from + PAGE_ROWS, keys.size()) - 1);
            String range =
                    "%s >= %s and %s <= %s"
                            .formatted(primaryKey, literal(first), primaryKey, literal(last));
            QueryResults page = query(range, List.of("*"), partitions);
            if (page.getFieldsDataCount() > 0) {
                rows.add(primaryKey, page.getFieldsDataList());
            }
        }
        return rows;
    }

    private List<Comparable<?>> keys(List<String> partitions) {
        QueryResults answer = query(everyKey, List.of(primaryKey), partitions);
        List<Comparable<?>> keys = new ArrayList<>();
        for (FieldData column : answer.getFieldsDataList()) {
            for (int row = 0; row < FieldValues.rows(column); row++) {
                keys.add(FieldValues.key(column, row));
            }
        }
        keys.sort(RowDigests.KEY_ORDER);
        return keys;
    }

    private QueryResults query(String expression, List<String> fields, List<String> partitions) {
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
        QueryResults answer =
                stub.withDeadlineAfter(MilvusReader.DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .query(request.build());
        MilvusReader.check("query " + db + "." + name + " " + expression, answer.getStatus());
        consistency = ConsistencyLevel.Eventually;
        return answer;
    }

    private static String literal(Comparable<?> key) {
        return key instanceof String text
                ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : key.toString();
    }
}

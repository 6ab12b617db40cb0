// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules for what's selected: first the old tool's in its order and words, then those that came
 * with many entries in one task.
 */
final class SelectionValidation {

    private final int maxNameLength;

    /**
     * Makes a check.
     *
     * @param maxNameLength in bytes
     */
    SelectionValidation(int maxNameLength) {
        this.maxNameLength = maxNameLength;
    }

    void check(TaskDefinition wanted) throws ApiException {
        refuseIf(
                wanted.collections().isEmpty() && wanted.dbCollections().isEmpty(),
                "the collection info is empty");
        if (!wanted.collections().isEmpty()) {
            checkEntries(wanted.collections());
        }
        for (Map.Entry<String, List<CollectionInfo>> database : wanted.dbCollections().entrySet()) {
            refuseIf(
                    Names.bytes(database.getKey()) > maxNameLength,
                    "the db name length exceeds "
                            + maxNameLength
                            + " characters, "
                            + database.getKey());
            refuseIf(database.getValue().isEmpty(), "empty collection info");
            checkEntries(database.getValue());
        }
        checkNames(wanted.selection());
        checkExcluded(wanted.selection());
    }

    private void checkEntries(List<CollectionInfo> entries) throws ApiException {
        for (CollectionInfo entry : entries) {
            Map<String, String> positions = entry.positionsOrNone();
            refuseIf(
                    entry.coversAll() && !positions.isEmpty(),
                    "the collection name is `*`, the positions should be empty");
            for (String channel : positions.keySet()) {
                refuseIf(
                        !looksLikeVchannel(channel),
                        "the position channel name is not virtual channel, " + channel);
            }
        }
        List<String> tooLong =
                entries.stream()
                        .map(CollectionInfo::name)
                        .filter(name -> Names.bytes(name) > maxNameLength)
                        .toList();
        boolean empty = entries.stream().anyMatch(entry -> entry.name().isEmpty());
        refuseIf(
                empty || !tooLong.isEmpty(),
                (empty ? "there is a collection name that is empty. " : "")
                        + (tooLong.isEmpty()
                                ? ""
                                : "there are some collection names whose length exceeds "
                                        + maxNameLength
                                        + " characters, ["
                                        + String.join(" ", tooLong)
                                        + "]"));
    }

    private static boolean looksLikeVchannel(String channel) {
        int cut = channel.lastIndexOf('_');
        return cut >= 0 && channel.indexOf('v', cut) > cut;
    }

    private static void checkNames(Selection selection) throws ApiException {
        Set<CollectionPattern> seen = new HashSet<>();
        for (CollectionPattern pattern : selection.included()) {
            refuseIf(
                    !Names.isLegalOrAny(pattern.database()),
                    "the db name is invalid, '" + pattern.database() + "': " + Names.RULE);
            refuseIf(
                    !Names.isLegalOrAny(pattern.collection()),
                    "the collection name is invalid, '"
                            + pattern.collection()
                            + "': "
                            + Names.RULE
                            + ", or is * for all");
            refuseIf(!seen.add(pattern), "the collection name is given twice, " + pattern);
        }
    }

    private static void checkExcluded(Selection selection) throws ApiException {
        for (CollectionPattern excluded : selection.excluded()) {
            refuseIf(
                    !Names.isLegalOrAny(excluded.database())
                            || !Names.isLegalOrAny(excluded.collection()),
                    "the excluded collection name is invalid, '"
                            + excluded
                            + "': it's of the form database.collection, and "
                            + Names.RULE
                            + ", or is * for all");
            refuseIf(
                    selection.included().stream()
                            .noneMatch(pattern -> Patterns.common(pattern, excluded).isPresent()),
                    "the excluded collection name is not in the collection info, " + excluded);
        }
        for (CollectionPattern pattern : selection.included()) {
            refuseIf(
                    Patterns.excludes(selection, pattern),
                    "the collection name is in the collection info and excluded as well, "
                            + pattern);
        }
    }
}

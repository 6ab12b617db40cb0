// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static io.milvuscdc.connectors.sink.SourceCollections.collection;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.EarlyName;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.StartPoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MembershipTest {

    private static final Selection ORDERS =
            new Selection(List.of(new CollectionPattern("shop", "orders")), List.of());
    private static final Map<String, MqPosition> SOMEWHERE =
            Map.of("dml_0", MqPosition.ofKafkaOffset(1));

    private final Map<Long, EarlyName> history = new HashMap<>();
    private int asked;
    private boolean hasCopy;
    private StartPoint start = StartPoint.BEGINNING;

    @Test
    void ofATaskThatSelectsEverythingAllAreMembersUnasked() throws IOException {
        Membership all = membership(Selection.EVERYTHING);

        assertThat(all.includes(collection(5, "any", "thing"))).isTrue();
        assertThat(all.known(6)).contains(true);
        assertThat(asked).isZero();
    }

    @Test
    void whatExistedWhenTheTaskWasMadeStaysWhatItWasWhateverItIsCalled() throws IOException {
        start = new StartPoint(Map.of(), Map.of(5L, SOMEWHERE, 6L, Map.of()));
        Membership orders = membership(ORDERS);

        assertThat(orders.includes(collection(5, "shop", "renamed_out"))).isTrue();
        assertThat(orders.includes(collection(6, "shop", "orders"))).isFalse();
        assertThat(asked).isZero();
    }

    @Test
    void whatIsYoungerIsDecidedByTheNameThatItWasCreatedWith() throws IOException {
        history.put(5L, new EarlyName("shop", "orders", true));
        history.put(6L, new EarlyName("shop", "orders_new", true));
        hasCopy = true;
        Membership orders = membership(ORDERS);

        assertThat(orders.includes(collection(5, "shop", "renamed_out"))).isTrue();
        assertThat(orders.includes(collection(6, "shop", "orders"))).isFalse();
    }

    @Test
    void whereTheFirstNameIsForgottenACopyAtTheTargetCounts() throws IOException {
        history.put(5L, new EarlyName("shop", "renamed_out", false));
        hasCopy = true;

        assertThat(membership(ORDERS).includes(collection(5, "shop", "renamed_out"))).isTrue();
        hasCopy = false;
        assertThat(membership(ORDERS).includes(collection(5, "shop", "renamed_out"))).isFalse();
    }

    @Test
    void withoutAnyHistoryThePresentNameCounts() throws IOException {
        assertThat(membership(ORDERS).includes(collection(5, "shop", "orders"))).isTrue();
        assertThat(membership(ORDERS).includes(collection(5, "shop", "other"))).isFalse();
    }

    @Test
    void afterAPlanOfTodayWhatHasACopyGoesOnAndWhatWasRenamedInDoesNotBegin() throws IOException {
        start = new StartPoint(Map.of(), Map.of(5L, Map.of(), 6L, SOMEWHERE)).ofReplan();
        history.put(5L, new EarlyName("shop", "orders", true));
        history.put(6L, new EarlyName("shop", "orders_new", true));

        hasCopy = true;
        assertThat(membership(ORDERS).includes(collection(5, "shop", "renamed_out"))).isTrue();
        assertThat(membership(ORDERS).includes(collection(6, "shop", "orders")))
                .as("it was called so when the task was made")
                .isTrue();
        hasCopy = false;
        assertThat(membership(ORDERS).includes(collection(5, "shop", "renamed_out")))
                .as("it was called so when the task was made")
                .isFalse();
        assertThat(membership(ORDERS).includes(collection(6, "shop", "orders"))).isFalse();
    }

    @Test
    void afterAPlanOfTodayACopyOfWhatWasNeverSelectedDoesNotCount() throws IOException {
        start = new StartPoint(Map.of(), Map.of(5L, Map.of(), 6L, Map.of())).ofReplan();
        history.put(5L, new EarlyName("shop", "other", true));
        history.put(6L, new EarlyName("shop", "renamed_out", false));
        hasCopy = true;

        assertThat(membership(ORDERS).includes(collection(5, "shop", "other"))).isFalse();
        assertThat(membership(ORDERS).includes(collection(6, "shop", "renamed_out")))
                .as("its first name is forgotten")
                .isTrue();
    }

    @Test
    void afterAPlanOfTodayWhatIsSelectedAndWasCreatedSoIsAMemberWithoutACopy() throws IOException {
        start = new StartPoint(Map.of(), Map.of(5L, SOMEWHERE)).ofReplan();
        history.put(5L, new EarlyName("shop", "orders", true));
        Membership orders = membership(ORDERS);

        assertThat(orders.known(5)).isEmpty();
        assertThat(orders.includes(collection(5, "shop", "orders"))).isTrue();
    }

    @Test
    void aDecisionIsMadeOnce() throws IOException {
        Membership orders = membership(ORDERS);
        assertThat(orders.known(5)).isEqualTo(Optional.empty());
        assertThat(orders.includes(collection(5, "shop", "orders"))).isTrue();
        assertThat(orders.includes(collection(5, "shop", "renamed"))).isTrue();
        assertThat(orders.known(5)).contains(true);
        assertThat(asked).isEqualTo(1);
    }

    private Membership membership(Selection selection) {
        return new Membership(
                selection,
                start,
                id -> {
                    asked++;
                    return Optional.ofNullable(history.get(id));
                },
                createTs -> hasCopy);
    }
}

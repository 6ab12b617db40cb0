// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import io.milvuscdc.connectors.failure.SourceUnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A board in memory, whose leases lapse when the test says so. */
final class BoardDouble {

    private final Map<String, FeedBoard.Note> notes = new TreeMap<>();
    private long last;
    private boolean away;
    private boolean denied;
    private int puts;
    private boolean losesAnswerOfPut;

    /** What one member sees of it. */
    FeedBoard of(Feeder feeder) {
        return new View(feeder);
    }

    void setAway(boolean now) {
        away = now;
    }

    void deny() {
        denied = true;
    }

    /** The next note is put up, but nobody hears of it. */
    void loseAnswerOfPut() {
        losesAnswerOfPut = true;
    }

    /** All notes of an owner vanish. */
    void lapse(Feeder feeder) {
        notes.values().removeIf(note -> note.owner().equals(feeder.owner()));
    }

    int puts() {
        return puts;
    }

    List<String> owners() {
        return notes.values().stream().map(FeedBoard.Note::owner).distinct().toList();
    }

    private <T> T answer(Function<Map<String, FeedBoard.Note>, T> answer) throws IOException {
        if (away) {
            throw new SourceUnreachableException("etcd doesn't answer", null);
        }
        if (denied) {
            throw new FeedBoardDeniedException("the etcd user may not");
        }
        return answer.apply(notes);
    }

    private final class View implements FeedBoard {

        private final Feeder feeder;
        private final String key;

        View(Feeder feeder) {
            this.feeder = feeder;
            this.key = feeder.owner() + "/" + feeder.member();
        }

        @Override
        public List<Note> notes() throws IOException {
            return answer(all -> new ArrayList<>(all.values()));
        }

        @Override
        public long grant(Duration ttl) throws IOException {
            return answer(all -> ++last);
        }

        @Override
        public List<Note> put(long lease) throws IOException {
            puts++;
            List<Note> there =
                    answer(
                            all -> {
                                Note old = all.get(key);
                                long order = old == null ? ++last : old.order();
                                all.put(
                                        key,
                                        new Note(feeder.owner(), feeder.toString(), lease, order));
                                return new ArrayList<>(all.values());
                            });
            if (losesAnswerOfPut) {
                losesAnswerOfPut = false;
                throw new SourceUnreachableException("etcd did not answer in time", null);
            }
            return there;
        }

        @Override
        public Optional<Note> own() throws IOException {
            return answer(all -> Optional.ofNullable(all.get(key)));
        }

        @Override
        public boolean renew(long lease) throws IOException {
            return answer(all -> all.values().stream().anyMatch(note -> note.lease() == lease));
        }

        @Override
        public void revoke(long lease) throws IOException {
            answer(all -> all.values().removeIf(note -> note.lease() == lease));
        }

        @Override
        public void close() {}
    }
}

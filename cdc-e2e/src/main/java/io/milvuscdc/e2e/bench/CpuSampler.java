// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Notes CPU times every 100 ms, for a stretch of time that is known only afterwards. */
final class CpuSampler implements AutoCloseable {

    private static final int EVERY_MILLIS = 100;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Map<String, Long> pids;
    private final TreeMap<Long, CpuSample> samples = new TreeMap<>(); // guarded by this
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    private CpuSampler(Map<String, Long> pids) {
        this.pids = pids;
    }

    /** Begins. */
    static CpuSampler of(Map<String, Long> pids) {
        CpuSampler sampler = new CpuSampler(pids);
        sampler.sample();
        var unused =
                sampler.thread.scheduleAtFixedRate(
                        sampler::sample, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private synchronized void sample() {
        samples.put(System.currentTimeMillis(), CpuSample.now(pids));
    }

    /** The use between two moments, in milliseconds since 1970, as far as it was looked at. */
    synchronized CpuUse between(long from, long to) {
        Map.Entry<Long, CpuSample> first = samples.floorEntry(from);
        Map.Entry<Long, CpuSample> last = samples.ceilingEntry(to);
        return CpuUse.between(
                (first == null ? samples.firstEntry() : first).getValue(),
                (last == null ? samples.lastEntry() : last).getValue(),
                CORES);
    }

    /** The use from the beginning until now. */
    synchronized CpuUse all() {
        sample();
        return CpuUse.between(
                samples.firstEntry().getValue(), samples.lastEntry().getValue(), CORES);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

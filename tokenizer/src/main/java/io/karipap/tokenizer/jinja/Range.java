package io.karipap.tokenizer.jinja;

import java.util.AbstractList;
import java.util.Objects;

/** Python's range. */
final class Range extends AbstractList<Object> {
    /** As the sandbox limits it. */
    private static final long MAX_SIZE = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    /** @throws TemplateException if the step is 0 or there are more than 100,000 numbers */
    Range(long start, long stop, long step) {
        if (step == 0) {
            throw new TemplateException("range() needs a step other than 0");
        }
        long count = step > 0 ? Math.ceilDiv(stop - start, step) : Math.ceilDiv(start - stop, -step);
        if (count > MAX_SIZE) {
            throw new TemplateException("range() has more than " + MAX_SIZE + " numbers");
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = (int) Math.max(0, count);
    }

    @Override
    public Object get(int index) {
        Objects.checkIndex(index, size);
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }

    String text() {
        return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
    }
}

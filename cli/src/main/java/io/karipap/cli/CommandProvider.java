package io.karipap.cli;

import java.util.List;

/** Commands of another part of Karipap, found through {@link java.util.ServiceLoader}: those that need libraries of their own. */
public interface CommandProvider {
    /** Classes with a picocli {@code @Command}, in the order in which help lists them. */
    List<Class<?>> commands();
}

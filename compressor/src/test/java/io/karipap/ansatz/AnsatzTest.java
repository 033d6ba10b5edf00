package io.karipap.ansatz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The family of all ansätze. */
class AnsatzTest {
    @Test
    void allAreListedOnceAndNameThemselves() {
        List<Ansatz> all = Ansatz.all();
        assertThat(all.stream().<Class<?>>map(Object::getClass).toList())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(Ansatz.class.getPermittedSubclasses()));
        assertThat(all).extracting(Ansatz::label).doesNotHaveDuplicates();
        assertThat(all).allMatch(ansatz -> !ansatz.description().isBlank());
    }
}

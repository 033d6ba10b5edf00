package io.karipap.cli.compress;

import io.karipap.ansatz.Ansatz;
import java.util.Iterator;

/** Every ansatz with what it is, for the help of an option. */
final class AnsatzDescriptions implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Ansatz.all().stream()
                .map(ansatz ->
                        ansatz.label() + " (" + ansatz.description() + (ansatz.automatic() ? ")" : "; not in auto)"))
                .iterator();
    }
}

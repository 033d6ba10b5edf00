package io.karipap.bench.command;

import io.karipap.budget.Repertoire;
import io.karipap.cli.compress.AnsatzConverter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What is compressed and healed, written {@code auto-0.3} or {@code auto-0.3@400000}.
 *
 * @param ratio of the parameters
 * @param tokens to heal on; 0 for the default
 */
record HealedModel(Repertoire ansatz, double ratio, long tokens) {
    /** {@code auto-0.3}. */
    String name() {
        return ansatz.label() + "-" + ratio;
    }

    static final class Converter implements ITypeConverter<HealedModel> {
        @Override
        public HealedModel convert(String value) {
            String[] parts = value.split("@", 2);
            int dash = parts[0].lastIndexOf('-');
            try {
                return new HealedModel(
                        new AnsatzConverter().convert(parts[0].substring(0, Math.max(0, dash))),
                        Double.parseDouble(parts[0].substring(dash + 1)),
                        parts.length < 2 ? 0 : Long.parseLong(parts[1]));
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "expected an ansatz and a ratio such as auto-0.3 or auto-0.3@400000 but was '" + value + "'");
            }
        }
    }
}

package io.karipap.cli.compress;

import io.karipap.budget.Repertoire;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ansätze as they are written on a command line: {@code auto}, {@code low-rank}. */
public final class AnsatzConverter implements ITypeConverter<Repertoire> {
    @Override
    public Repertoire convert(String value) {
        try {
            return Repertoire.named(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

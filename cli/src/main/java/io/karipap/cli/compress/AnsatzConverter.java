package io.karipap.cli.compress;

import io.karipap.compress.Ansatz;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ansätze as they are written on a command line: {@code low-rank}. */
public final class AnsatzConverter implements ITypeConverter<Ansatz> {
    @Override
    public Ansatz convert(String value) {
        try {
            return Ansatz.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "expected one of auto, low-rank, tied, layer, block, mpo, peps, plain-svd but was '" + value + "'");
        }
    }
}

package io.karipap.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelGeneratorTest {
    @Test
    void theKernelsAreWhatTheGeneratorWrites() throws IOException {
        for (Map.Entry<String, String> written : KernelGenerator.classes().entrySet()) {
            Path file = KernelGenerator.FOLDER.resolve(written.getKey() + ".java");
            assertThat(tokens(Files.readString(file)))
                    .as("%s, which KernelGenerator and then the formatter write", file)
                    .isEqualTo(tokens(written.getValue()));
        }
    }

    /** Without what the formatter may change: space, the order of imports, how comments are broken into lines. */
    private static String tokens(String source) {
        String body = source.substring(source.indexOf("final class"));
        return body.replaceAll("/\\*\\*|\\*/|(?m)^ *\\* ", "").replaceAll("\\s+", "");
    }

    @Test
    void linesAndBlocksAreRepeated() {
        Template template = new Template(Map.of("r", 2, "c", 3), Map.of("cell1", "one $c of $C", "cell0", ""));
        assertThat(template.expand("[rc] x$r$c = $(r*C+c);").lines())
                .containsExactly("x00 = 0;", "x01 = 1;", "x02 = 2;", "x10 = 3;", "x11 = 4;", "x12 = 5;");
        assertThat(template.expand("[r\n[c\n{cell$r}\n]\nend $r\n]").lines())
                .containsExactly("end 0", "one 0 of 3", "one 1 of 3", "one 2 of 3", "end 1");
    }

    @Test
    void whatIsUnknownIsRefused() {
        Template template = new Template(Map.of("r", 2), Map.of());
        assertThatThrownBy(() -> template.expand("$r")).hasMessageContaining("the letter r");
        assertThatThrownBy(() -> template.expand("[c] x")).hasMessageContaining("the letter C");
        assertThatThrownBy(() -> template.expand("{load}")).hasMessageContaining("{load}");
        assertThatThrownBy(() -> template.expand("[r\nx")).hasMessageContaining("not closed");
    }
}

package io.karipap.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packed weights are kept in files: who changes how weights are packed raises {@link PackedMatrix#LAYOUT_VERSION} and writes it and the new
 * sums here.
 */
class PackedLayoutTest {
    @ParameterizedTest
    @CsvSource({
        "1,F32,ab606007",
        "1,BF16,7870910a",
        "1,F16,aaa9ec82",
        "1,Q8,ee8e5107",
        "1,Q4,6ed47093",
        "1,A8,f1c80967",
        "1,A4,6778a567",
        "1,A4_16,75286628",
        "1,S8_16,d2ee2201"
    })
    void theLayoutHasAVersion(int version, WeightType type, String crc) {
        CRC32 sum = new CRC32();
        try (WeightMemory memory = new WeightMemory()) {
            sum.update(PackedMatrix.pack(type, new Pattern(), memory).data().toArray(ValueLayout.JAVA_BYTE));
        }
        assertThat(Long.toHexString(sum.getValue())).isEqualTo(crc);
        assertThat(PackedMatrix.LAYOUT_VERSION).isEqualTo(version);
    }

    /** Weights, codes, scales and offsets that differ everywhere; more blocks than one section of panels holds. */
    private record Pattern() implements WeightRows {
        @Override
        public int rows() {
            return 2100;
        }

        @Override
        public int columns() {
            return 333;
        }

        @Override
        public void read(int n, float[] out) {
            for (int k = 0; k < columns(); k++) {
                out[k] = (n * 31 + k * 17) % 1009 / 64f - 7;
            }
        }

        @Override
        public void readAffine(int n, WeightType type, byte[] codes, float[] scales, float[] offsets) {
            int least = type.bits() == 8 ? -128 : -type.bias();
            for (int k = 0; k < columns(); k++) {
                codes[k] = (byte) (least + (n * 31 + k * 17) % (1 << type.bits()));
            }
            for (int g = 0; g < scales.length; g++) {
                scales[g] = (n * 13 + g * 7) % 101 / 64f;
                offsets[g] = (n * 11 + g * 5) % 103 / 32f;
            }
        }
    }
}

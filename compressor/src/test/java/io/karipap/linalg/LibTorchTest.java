package io.karipap.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the native library is loaded, and what is said where there is none for the platform. */
class LibTorchTest {
    private static boolean isJavaOnly(String entry) {
        return !Path.of(entry)
                .getFileName()
                .toString()
                .matches("(pytorch|openblas|javacpp)-.*-(linux|macosx|windows)-.*\\.jar");
    }

    /** The class path of the tests, but for the jars of native libraries. */
    private static URLClassLoader withoutNativeLibraries() throws MalformedURLException {
        List<String> entries =
                Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        List<URL> kept = new ArrayList<>();
        for (String entry : entries) {
            if (isJavaOnly(entry)) {
                kept.add(Path.of(entry).toUri().toURL());
            }
        }
        assertThat(entries.size() - kept.size()).as("jars of native libraries").isEqualTo(3);
        return new URLClassLoader(kept.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static Object open(ClassLoader loader, String algebra) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(Algebra.class.getName());
        assertThat(type).isNotSameAs(Algebra.class);
        return type.getMethod("open")
                .invoke(type.getMethod("valueOf", String.class).invoke(null, algebra));
    }

    @Test
    void plainJavaNeedsNoNativeLibrary() throws IOException, ReflectiveOperationException {
        try (URLClassLoader loader = withoutNativeLibraries()) {
            assertThat(open(loader, "EJML").getClass().getName()).isEqualTo(EjmlAlgebra.class.getName());
        }
    }

    @Test
    void aPlatformWithoutItIsToldWhatToUse() throws IOException {
        try (URLClassLoader loader = withoutNativeLibraries()) {
            assertThatThrownBy(() -> open(loader, "TORCH"))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("LibTorch has no native library .*; use --algebra EJML, which is plain Java");
        }
    }

    @Test
    void loadingIsHeardOf() {
        List<String> heard = new ArrayList<>();
        Algebra.TORCH.open((stage, done, total) -> heard.add(stage + " " + done + "/" + total));
        assertThat(heard).containsExactly("load LibTorch 0/1", "load LibTorch 1/1");
        heard.clear();
        Algebra.EJML.open((stage, done, total) -> heard.add(stage));
        assertThat(heard).isEmpty();
    }
}

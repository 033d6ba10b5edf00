package io.karipap.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {
    enum Color {
        RED,
        GREEN
    }

    record Point(int x, double y) {}

    record Shape(
            String name,
            boolean filled,
            long id,
            Color color,
            List<Point> points,
            Optional<Point> center,
            byte[] weights,
            Map<String, Integer> counts) {}

    record Node(Node next) {}

    record Event(Instant time) {}

    @Test
    void aRecordIsAnObject() {
        String integer = "{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647}";
        String point = "{\"type\":\"object\",\"properties\":{\"x\":" + integer + ",\"y\":{\"type\":\"number\"}},"
                + "\"required\":[\"x\",\"y\"],\"additionalProperties\":false}";
        assertThat(RecordSchema.of(Shape.class))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                        + "\"filled\":{\"type\":\"boolean\"},\"id\":{\"type\":\"integer\"},"
                        + "\"color\":{\"enum\":[\"RED\",\"GREEN\"]},"
                        + "\"points\":{\"type\":\"array\",\"items\":" + point + "},\"center\":" + point + ","
                        + "\"weights\":{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":-128,\"maximum\":127}},"
                        + "\"counts\":{\"type\":\"object\",\"additionalProperties\":" + integer + "}},"
                        + "\"required\":[\"name\",\"filled\",\"id\",\"color\",\"points\",\"weights\",\"counts\"],"
                        + "\"additionalProperties\":false}");
    }

    @Test
    void whatTheSchemaAllowsIsReadAsTheRecord() {
        Shape shape = Json.read(
                "{\"name\":\"a\",\"filled\":true,\"id\":7,\"color\":\"RED\",\"points\":[{\"x\":1,\"y\":2.5}],"
                        + "\"weights\":[1,-2],\"counts\":{\"b\":3}}",
                Shape.class);
        assertThat(shape.center()).isEmpty();
        assertThat(shape.points()).containsExactly(new Point(1, 2.5));
        assertThat(shape.weights()).containsExactly(1, -2);
    }

    @Test
    void whatHasNoFormIsNamed() {
        assertThatThrownBy(() -> RecordSchema.of(Event.class)).hasMessageContaining("Event.time");
        assertThatThrownBy(() -> RecordSchema.of(Node.class)).hasMessageContaining("Node contains itself");
        assertThatThrownBy(() -> Tool.of("a b", "")).hasMessageContaining("\"a b\"");
    }
}

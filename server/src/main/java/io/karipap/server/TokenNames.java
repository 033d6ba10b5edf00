package io.karipap.server;

import io.karipap.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What single tokens are called in responses. */
final class TokenNames {
    private final Tokenizer tokenizer;

    TokenNames(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text of a token by itself; {@code bytes:\xNN…} where that is no text. */
    String name(int id) {
        if (tokenizer.isSpecial(id)) {
            return tokenizer.token(id).orElseThrow();
        }
        byte[] bytes = bytes(id);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder name = new StringBuilder("bytes:");
            for (byte each : bytes) {
                name.append(String.format("\\x%02x", each & 0xff));
            }
            return name.toString();
        }
    }

    /** The bytes of a token; none for ids that the vocabulary leaves out. */
    byte[] bytes(int id) {
        return tokenizer.token(id).isEmpty() ? new byte[0] : tokenizer.tokenBytes(id);
    }

    boolean isSpecial(int id) {
        return tokenizer.isSpecial(id);
    }
}

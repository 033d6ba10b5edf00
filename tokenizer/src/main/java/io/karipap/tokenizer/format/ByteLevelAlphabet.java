package io.karipap.tokenizer.format;

/**
 * GPT-2's printable stand-ins for the 256 bytes: printable Latin-1 characters stand for themselves, the other 68 bytes for
 * U+0100 and up, in order.
 */
public final class ByteLevelAlphabet {
    private static final char[] CHAR_OF_BYTE = new char[256];
    private static final short[] BYTE_OF_CHAR = new short[256 + 68];

    static {
        java.util.Arrays.fill(BYTE_OF_CHAR, (short) -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHAR_OF_BYTE[b] = (char) (printable ? b : next++);
            BYTE_OF_CHAR[CHAR_OF_BYTE[b]] = (short) b;
        }
    }

    private ByteLevelAlphabet() {}

    /** The character for a byte. */
    public static char charOf(int unsignedByte) {
        return CHAR_OF_BYTE[unsignedByte];
    }

    /** The byte that {@code c} stands for, or −1. */
    public static int byteOf(char c) {
        return c < BYTE_OF_CHAR.length ? BYTE_OF_CHAR[c] : -1;
    }

    /** The bytes that {@code token} stands for, or null if one of its characters stands for none. */
    public static byte[] bytesOf(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = byteOf(token.charAt(i));
            if (b < 0) {
                return null;
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }

    /** The spelling of {@code bytes}. */
    public static String spell(byte[] bytes) {
        char[] chars = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            chars[i] = CHAR_OF_BYTE[bytes[i] & 0xff];
        }
        return new String(chars);
    }
}

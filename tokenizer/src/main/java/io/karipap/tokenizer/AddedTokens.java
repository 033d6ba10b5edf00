package io.karipap.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Finds the spellings of added tokens in a text: leftmost, and of those the longest, in one pass. */
final class AddedTokens {
    private final Node root = new Node();
    private final boolean empty;

    /**
     * @param tokens the tokens to look for
     * @param spellings what each looks like in the text that will be searched (normalised, perhaps)
     */
    AddedTokens(List<AddedToken> tokens, List<String> spellings) {
        empty = tokens.isEmpty();
        for (int i = 0; i < tokens.size(); i++) {
            Node node = root;
            for (int c = 0; c < spellings.get(i).length(); c++) {
                node = node.childOrNew(spellings.get(i).charAt(c));
            }
            if (node != root && node.token == null) {
                node.token = tokens.get(i);
            }
        }
    }

    /** Length of the longest spelling that begins at {@code at}, or 0. */
    int longestAt(char[] chars, int at) {
        int length = 0;
        Node node = empty ? null : root.child(chars[at]);
        for (int j = at + 1; node != null; node = j < chars.length ? node.child(chars[j++]) : null) {
            if (node.token != null) {
                length = j - at;
            }
        }
        return length;
    }

    /** Receives the parts of a text in order. */
    interface Parts {
        void text(int start, int end);

        void token(AddedToken token, int start, int end);
    }

    /**
     * Cuts a text into added tokens and what lies between them.
     *
     * @param parseSpecial whether special tokens are tokens and not text
     * @param plain original characters at which a special token is text all the same, or null
     */
    void split(Text text, boolean parseSpecial, BitSet plain, Parts parts) {
        char[] chars = text.chars();
        int textStart = 0;
        int i = empty ? chars.length : 0;
        while (i < chars.length) {
            int length = 0;
            AddedToken found = null;
            Node node = root.child(chars[i]);
            for (int j = i + 1; node != null; node = j < chars.length ? node.child(chars[j++]) : null) {
                if (node.token != null) {
                    found = node.token;
                    length = j - i;
                }
            }
            if (found == null) {
                i++;
                continue;
            }
            int end = i + length;
            boolean isText = !parseSpecial || plain != null && plain.get(text.originStart(i));
            if (found.special() && isText || found.singleWord() && !standsAlone(chars, i, end)) {
                i = end;
                continue;
            }
            int from = i;
            if (found.leftStrip()) {
                while (from > textStart && CharClass.isWhiteSpace(chars[from - 1])) {
                    from--;
                }
            }
            if (found.rightStrip()) {
                while (end < chars.length && CharClass.isWhiteSpace(chars[end])) {
                    end++;
                }
            }
            if (from > textStart) {
                parts.text(textStart, from);
            }
            parts.token(found, from, end);
            textStart = end;
            i = end;
        }
        if (textStart < chars.length) {
            parts.text(textStart, chars.length);
        }
    }

    private static boolean standsAlone(char[] chars, int start, int end) {
        return (start == 0 || !isWord(Character.codePointBefore(chars, start)))
                && (end == chars.length || !isWord(Character.codePointAt(chars, end)));
    }

    /** Regular expression class \w: alphabetic, marks, digits, connectors. */
    private static boolean isWord(int codePoint) {
        return Character.isAlphabetic(codePoint)
                || Character.isDigit(codePoint)
                || switch (Character.getType(codePoint)) {
                    case Character.NON_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.CONNECTOR_PUNCTUATION -> true;
                    default -> false;
                };
    }

    private static final class Node {
        private char[] keys = new char[0];
        private Node[] children = new Node[0];
        private AddedToken token;

        Node child(char key) {
            int at = Arrays.binarySearch(keys, key);
            return at < 0 ? null : children[at];
        }

        Node childOrNew(char key) {
            int at = Arrays.binarySearch(keys, key);
            if (at >= 0) {
                return children[at];
            }
            int insert = -at - 1;
            keys = Arrays.copyOf(keys, keys.length + 1);
            children = Arrays.copyOf(children, keys.length);
            System.arraycopy(keys, insert, keys, insert + 1, keys.length - 1 - insert);
            System.arraycopy(children, insert, children, insert + 1, keys.length - 1 - insert);
            keys[insert] = key;
            children[insert] = new Node();
            return children[insert];
        }
    }
}

package io.karipap.kernels.vector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with repetitions, for straight-line code. A line {@code [rc] text} is repeated for every r and for every c within it; a line
 * {@code [r} opens and a line {@code ]} closes a block that is. {@code $r} is the number of the repetition, {@code $R} how many there are,
 * {@code $(r*C+c)} a sum of products of such. <code>{name}</code> is another piece of text, repeated where it stands; its name may have
 * numbers of repetitions in it.
 */
final class Template {
    private static final Pattern BLOCK = Pattern.compile("\\[([a-z]+)");
    private static final Pattern LINE = Pattern.compile("\\[([a-z]+)] (.*)");
    private static final Pattern NUMBER = Pattern.compile("\\$\\(([^)]*)\\)|\\$([a-zA-Z])");
    private static final Pattern PIECE = Pattern.compile("\\{([a-z]+[0-9]*)}");

    private final Map<String, Integer> sizes;
    private final Map<String, String> pieces;

    /**
     * @param sizes how often what has this letter is repeated
     * @param pieces text by name
     */
    Template(Map<String, Integer> sizes, Map<String, String> pieces) {
        this.sizes = sizes;
        this.pieces = pieces;
    }

    /** @throws IllegalArgumentException if a letter or a piece is unknown, or a block is not closed */
    String expand(String text) {
        List<String> out = new ArrayList<>();
        expand(text.lines().toList(), new HashMap<>(), out);
        return String.join("\n", out);
    }

    private void expand(List<String> lines, Map<String, Integer> numbers, List<String> out) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher block = BLOCK.matcher(line);
            Matcher repeated = LINE.matcher(line);
            if (block.matches()) {
                int end = end(lines, i);
                repeat(block.group(1), lines.subList(i + 1, end), numbers, out);
                i = end;
            } else if (repeated.matches()) {
                repeat(repeated.group(1), List.of(repeated.group(2)), numbers, out);
            } else {
                put(line, numbers, out);
            }
        }
    }

    private static int end(List<String> lines, int start) {
        int open = 0;
        for (int i = start; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            open += BLOCK.matcher(line).matches() ? 1 : line.equals("]") ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("the block is not closed: " + lines.get(start));
    }

    private void repeat(String letters, List<String> body, Map<String, Integer> numbers, List<String> out) {
        if (letters.isEmpty()) {
            expand(body, numbers, out);
            return;
        }
        String letter = letters.substring(0, 1);
        int size = number(letter.toUpperCase(), numbers);
        for (int i = 0; i < size; i++) {
            Map<String, Integer> inner = new HashMap<>(numbers);
            inner.put(letter, i);
            repeat(letters.substring(1), body, inner, out);
        }
    }

    private void put(String line, Map<String, Integer> numbers, List<String> out) {
        String text = numbered(line, numbers);
        Matcher whole = PIECE.matcher(text);
        if (whole.matches()) {
            expand(piece(whole.group(1)).lines().toList(), numbers, out);
            return;
        }
        while (PIECE.matcher(text).find()) {
            text = PIECE.matcher(text)
                    .replaceAll(m ->
                            Matcher.quoteReplacement(numbered(piece(m.group(1)).strip(), numbers)));
        }
        out.add(text);
    }

    private String piece(String name) {
        String piece = pieces.get(name);
        if (piece == null) {
            throw new IllegalArgumentException("there is no piece of text {" + name + "}");
        }
        return piece;
    }

    private String numbered(String line, Map<String, Integer> numbers) {
        return NUMBER.matcher(line)
                .replaceAll(m ->
                        String.valueOf(m.group(1) != null ? sum(m.group(1), numbers) : number(m.group(2), numbers)));
    }

    private int sum(String terms, Map<String, Integer> numbers) {
        int sum = 0;
        for (String term : terms.split("\\+")) {
            int product = 1;
            for (String factor : term.split("\\*")) {
                product *= number(factor.strip(), numbers);
            }
            sum += product;
        }
        return sum;
    }

    private int number(String letter, Map<String, Integer> numbers) {
        Integer number = numbers.get(letter);
        if (number == null) {
            number = sizes.get(letter.toLowerCase());
        }
        if (number == null || !letter.equals(letter.toUpperCase()) && !numbers.containsKey(letter)) {
            throw new IllegalArgumentException("nothing is repeated by the letter " + letter);
        }
        return number;
    }
}

package io.karipap.hub;

import java.util.List;
import java.util.stream.Collectors;

/** Finds the GGUF model that a user means. */
final class GgufChoice {
    private GgufChoice() {}

    /**
     * The model of a quantisation or, if none is asked for, the only one.
     *
     * @param models at least one
     * @throws HubException that lists the choices if there is none or more than one
     */
    static GgufModel of(List<GgufModel> models, ModelReference reference) throws HubException {
        if (reference.selector().isEmpty()) {
            if (models.size() == 1) {
                return models.getFirst().complete();
            }
            throw new HubException(
                    reference.repository() + " has " + models.size() + " GGUF models, say which: " + choices(models));
        }
        String asked = reference.selector().get();
        List<GgufModel> matching = matching(models, asked);
        if (matching.size() == 1) {
            return matching.getFirst().complete();
        }
        throw new HubException(reference.repository() + " has "
                + (matching.isEmpty() ? "no \"" + asked + "\", but " : "several of \"" + asked + "\": ")
                + choices(matching.isEmpty() ? models : matching));
    }

    /** The models of a quantisation, complete or not. */
    static List<GgufModel> matching(List<GgufModel> models, String asked) {
        List<GgufModel> same = models.stream()
                .filter(model -> model.quant().filter(asked::equalsIgnoreCase).isPresent())
                .toList();
        if (!same.isEmpty()) {
            return same;
        }
        // "Q4_K_XL" for "UD-Q4_K_XL".
        return models.stream()
                .filter(model -> model.quant()
                        .filter(quant -> quant.equalsIgnoreCase("UD-" + asked))
                        .isPresent())
                .toList();
    }

    private static String choices(List<GgufModel> models) {
        boolean byQuant = models.stream().allMatch(model -> model.quant().isPresent())
                && models.stream().map(GgufModel::quant).distinct().count() == models.size();
        return models.stream()
                .map(model -> ":"
                        + (byQuant
                                ? model.quant().orElseThrow()
                                : model.files().getFirst().path())
                        + (model.bytes().isPresent()
                                ? " (" + ByteCount.text(model.bytes().getAsLong()) + ")"
                                : ""))
                .collect(Collectors.joining(", "));
    }
}

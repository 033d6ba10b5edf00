package io.karipap.budget;

import io.karipap.environment.CandidateModel;
import io.karipap.environment.Sensitivities;
import io.karipap.operator.OperatorNetwork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds what might be chosen and has it predict the text that was kept aside.
 *
 * @param dense knows what the dense model makes of that text
 */
public record Judge(CandidateModel model, Sensitivities dense, SiteBuilder builder) {
    /** Nats per token. */
    double nats(List<Option> candidate) {
        Map<String, OperatorNetwork> built = builder.build(candidate, "judge candidates");
        Map<String, float[]> replaced = new HashMap<>();
        built.forEach((name, network) ->
                replaced.put(name, network.dense(builder.algebra()).toFloats()));
        return model.natsPerToken(replaced);
    }

    /** Nats per token of the dense model. */
    double denseNats() {
        return dense.denseNats();
    }
}

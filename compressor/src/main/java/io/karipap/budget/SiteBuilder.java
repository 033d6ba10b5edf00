package io.karipap.budget;

import io.karipap.ansatz.Form;
import io.karipap.code.SiteRounding;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.Progress;
import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the sites of chosen options. */
public record SiteBuilder(LinearAlgebra algebra, Progress progress) {
    /** Networks by operator, of every operator that does not stay dense; their sites are rounded if they are stored as codes. */
    public Map<String, OperatorNetwork> build(List<Option> chosen, String stage) {
        Map<String, OperatorNetwork> built = new LinkedHashMap<>();
        for (int i = 0; i < chosen.size(); i++) {
            for (OperatorNetwork network : networks(chosen.get(i))) {
                built.put(network.network().operator(), network);
            }
            progress.report(stage, i + 1, chosen.size());
        }
        return built;
    }

    private List<OperatorNetwork> networks(Option option) {
        return switch (option.form()) {
            case Form.Dense dense -> List.of();
            case Form.Networks form -> {
                List<OperatorNetwork> networks = form.build().get();
                if (!option.stored().isRounded()) {
                    yield networks;
                }
                yield new SiteRounding(algebra)
                        .rounded(
                                networks,
                                form.operators().stream().map(Operator::weights).toList(),
                                form.operators().stream().map(Operator::metric).toList(),
                                option.stored().type(form.operators().getFirst().type()));
            }
        };
    }
}

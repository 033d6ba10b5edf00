package io.karipap.compress;

import io.karipap.ansatz.OperatorNetwork;
import io.karipap.compress.Choice.Option;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.Progress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the sites of chosen options. */
final class SiteBuilder {
    private final DenseModel model;
    private final LinearAlgebra algebra;
    private final Progress progress;

    SiteBuilder(DenseModel model, LinearAlgebra algebra, Progress progress) {
        this.model = model;
        this.algebra = algebra;
        this.progress = progress;
    }

    /** Sites of every operator that does not stay dense, rounded if they are stored as codes. */
    Map<String, OperatorNetwork> build(List<Option> chosen, String stage) {
        Map<String, Operator> operators = new HashMap<>();
        model.all().forEach(operator -> operators.put(operator.name(), operator));
        SiteRounding rounding = new SiteRounding(algebra);
        Map<String, OperatorNetwork> built = new LinkedHashMap<>();
        for (int i = 0; i < chosen.size(); i++) {
            Option option = chosen.get(i);
            if (option.build() != null) {
                List<OperatorNetwork> networks = option.build().get();
                if (option.type() != null && option.type().quantized()) {
                    List<Operator> own =
                            option.operators().stream().map(operators::get).toList();
                    networks = rounding.rounded(
                            networks,
                            own.stream().map(Operator::weights).toList(),
                            own.stream().map(Operator::metric).toList(),
                            option.type());
                }
                networks.forEach(network -> built.put(network.network().operator(), network));
            }
            progress.report(stage, i + 1, chosen.size());
        }
        return built;
    }
}

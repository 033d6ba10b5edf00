package io.karipap.budget;

import io.karipap.ansatz.Form;
import io.karipap.ansatz.StoredMatrix;
import io.karipap.budget.Alternatives.Family;
import io.karipap.code.RoundingErrors;
import io.karipap.code.StoredAs;
import io.karipap.environment.Factors;
import io.karipap.operator.Operator;
import java.util.List;

/**
 * What forms cost and are expected to lose in every way that they may be stored.
 *
 * @param factors what is known of the operators
 * @param storages ways to store sites and matrices
 */
record Pricing(Factors factors, List<StoredAs> storages) {
    /** The forms, each stored in every way. */
    Family family(List<Form> forms) {
        return new Family(forms.stream()
                .flatMap(form -> storages.stream().map(stored -> option(form, stored)))
                .toList());
    }

    /** Rounding is counted twice for networks: several sites are rounded, and their errors add up. */
    Option option(Form form, StoredAs stored) {
        RoundingErrors errors = new RoundingErrors(factors);
        int times = form instanceof Form.Dense ? 1 : 2;
        double rounding = 0;
        for (Operator operator : form.operators()) {
            rounding += operator.sensitivity() * errors.of(operator, stored) * times;
        }
        long bytes = 0;
        for (StoredMatrix site : form.sites()) {
            bytes += stored.bytes(site.like().type(), site.rows(), site.columns());
        }
        return new Option(form, stored, form.parameters(), bytes, form.loss().nats() + rounding);
    }
}

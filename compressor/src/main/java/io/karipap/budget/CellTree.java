package io.karipap.budget;

import io.karipap.ansatz.Ansatz;
import io.karipap.ansatz.Ansatz.Scope;
import io.karipap.ansatz.Form;
import io.karipap.ansatz.LowRankAnsatz;
import io.karipap.ansatz.PlainSvd;
import io.karipap.budget.Alternatives.AllOf;
import io.karipap.budget.Alternatives.Family;
import io.karipap.budget.Alternatives.OneOf;
import io.karipap.operator.Cell;
import io.karipap.operator.DenseModel;
import io.karipap.operator.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The alternatives for the cells of a model, as one tree for every repertoire. Families are made once, whoever asks for them. */
final class CellTree {
    private final DenseModel model;
    private final Pricing pricing;
    private final Map<Made, Family> made = new HashMap<>();

    private record Made(Ansatz ansatz, List<String> operators) {}

    CellTree(DenseModel model, Pricing pricing) {
        this.model = model;
        this.pricing = pricing;
    }

    /** All alternatives for all operators. */
    Alternatives of(Repertoire repertoire) {
        List<Alternatives> parts = new ArrayList<>();
        model.others().forEach(operator -> parts.add(alone(repertoire, operator)));
        for (int layer = 0; layer < model.blocks().size(); layer += 2) {
            List<List<Cell>> pair = model.blocks()
                    .subList(layer, Math.min(layer + 2, model.blocks().size()));
            for (int cell = 0; cell < pair.getFirst().size(); cell++) {
                int number = cell;
                parts.add(cells(
                        repertoire,
                        pair.stream().map(block -> block.get(number)).toList()));
            }
        }
        return new AllOf(parts);
    }

    /** An embedding or a head: low rank whatever the ansatz of the blocks. Codes by the frequency of a row come in here. */
    private Alternatives alone(Repertoire repertoire, Operator operator) {
        return repertoire instanceof Repertoire.Baseline
                ? baseline(operator)
                : family(new LowRankAnsatz(), Cell.of(operator));
    }

    /** The same cell of two neighbouring blocks, or of the last one. */
    private Alternatives cells(Repertoire repertoire, List<Cell> cells) {
        List<Ansatz> ansatze = repertoire.ansatze();
        List<Ansatz> across = of(ansatze, Scope.NEIGHBOURING_BLOCKS);
        Alternatives apart =
                new AllOf(cells.stream().map(cell -> cell(repertoire, cell)).toList());
        if (cells.size() < 2 || across.isEmpty()) {
            return apart;
        }
        List<Alternatives> kinds = new ArrayList<>();
        for (int kind = 0; kind < cells.getFirst().members().size(); kind++) {
            int number = kind;
            List<Operator> pair =
                    cells.stream().map(cell -> cell.members().get(number)).toList();
            List<Alternatives> ways = families(across, Cell.acrossBlocks(pair));
            Alternatives dense = new AllOf(pair.stream().map(this::dense).toList());
            ways.add(dense);
            kinds.add(oneOf(ways));
        }
        Alternatives shared = new AllOf(kinds);
        return across.size() == ansatze.size() ? shared : new OneOf(List.of(apart, shared));
    }

    /** Every member for itself, or all of them over shared sites. */
    private Alternatives cell(Repertoire repertoire, Cell cell) {
        List<Alternatives> ways = new ArrayList<>();
        ways.add(new AllOf(cell.members().stream()
                .map(operator -> single(repertoire, operator))
                .toList()));
        if (cell.members().size() > 1) {
            ways.addAll(families(of(repertoire.ansatze(), Scope.SAME_INPUT), cell));
        }
        return new OneOf(ways);
    }

    /** Every ansatz for single operators; the operator as it is, if none of them has that among its forms. */
    private Alternatives single(Repertoire repertoire, Operator operator) {
        if (repertoire instanceof Repertoire.Baseline) {
            return baseline(operator);
        }
        List<Alternatives> ways = families(of(repertoire.ansatze(), Scope.OPERATOR), Cell.of(operator));
        if (ways.stream().noneMatch(CellTree::hasDense)) {
            ways.add(dense(operator));
        }
        return oneOf(ways);
    }

    private static boolean hasDense(Alternatives ways) {
        return ways instanceof Family(List<Option> options)
                && options.stream().anyMatch(option -> option.form() instanceof Form.Dense);
    }

    private static Alternatives oneOf(List<Alternatives> ways) {
        return ways.size() == 1 ? ways.getFirst() : new OneOf(ways);
    }

    private static List<Ansatz> of(List<Ansatz> ansatze, Scope scope) {
        return ansatze.stream().filter(ansatz -> ansatz.scope() == scope).toList();
    }

    /** Families that are not empty. */
    private List<Alternatives> families(List<Ansatz> ansatze, Cell cell) {
        List<Alternatives> families = new ArrayList<>();
        for (Ansatz ansatz : ansatze) {
            Family family = family(ansatz, cell);
            if (!family.options().isEmpty()) {
                families.add(family);
            }
        }
        return families;
    }

    private Family family(Ansatz ansatz, Cell cell) {
        return made.computeIfAbsent(
                new Made(ansatz, cell.names()), key -> pricing.family(ansatz.forms(cell, pricing.factors())));
    }

    private Family dense(Operator operator) {
        return pricing.family(List.of(new Form.Dense(operator)));
    }

    private Family baseline(Operator operator) {
        return pricing.family(PlainSvd.forms(operator, pricing.factors()));
    }
}

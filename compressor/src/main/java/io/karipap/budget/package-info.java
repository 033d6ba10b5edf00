/**
 * How small, and at what price: {@link io.karipap.budget.Budget} is what is asked for, {@link io.karipap.budget.Repertoire} the ansätze that
 * cells may choose from, {@link io.karipap.budget.BudgetChoice} what becomes of every operator. Behind this door every form of every cell
 * gets its costs in each {@link io.karipap.budget.CostUnit} and its loss in nats in each way that it may be stored; one Lagrange multiplier
 * shares a budget out over the tree of alternatives, and where there are several candidates a model that is built in memory predicts a text
 * that was kept aside.
 */
package io.karipap.budget;

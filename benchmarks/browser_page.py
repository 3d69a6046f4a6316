"""What the page of `browser.py` runs, by Brython: leave-one-out of every network that the page holds."""

import json
import time

from browser import document, window

from recount.arithmetic.cone import Factor, Linear, Ratio, Sum
from recount.arithmetic.contraction import Program, Shape
from recount.arithmetic.network import Figure, Network, Quantity, Rule, System


def shape(record):
    """A relation's shape of plain tuples, its ends numbers again."""
    arity, constants, steps, left, symbol, right = record
    constants = tuple((float(low), float(high)) for low, high in constants)
    return Shape(arity, constants, tuple(tuple(step) for step in steps), left, symbol, right)


def program(record):
    names, of = record
    return Program(tuple(names), shape(of))


def factor(record):
    of, slots = record
    return Factor(shape(of), tuple(slots))


def factors(records):
    return {unknown: factor(record) for unknown, record in records}


def linear(record):
    """The linear relations of a network, with the ratios by each quantity that they bear on."""
    sums = [Sum(rule, symbol, factors(terms)) for rule, symbol, terms in record["sums"]]
    ratios = {}
    for rule, over, under, value in record["ratios"]:
        ratio = Ratio(rule, factors(over), factors(under), factor(value))
        for quantity in ratio.value.slots:
            ratios.setdefault(quantity, []).append(ratio)
    return Linear(sums, ratios, dict(record["gate"]))


def system(record):
    """A network with its figures, as `browser.record` wrote them."""
    quantities = {
        name: Quantity(float(low), float(high), whole) for name, low, high, whole in record["quantities"]
    }
    rules = [
        Rule(name, program(relation), question, spare) for name, relation, question, spare in record["rules"]
    ]
    figures = {
        name: Figure(quantity, (float(low), float(high))) for name, quantity, low, high in record["figures"]
    }
    return System(Network(quantities, rules, record["linear"] and linear(record["linear"])), figures)


records = json.loads(document["networks"].text)
start = time.perf_counter()
systems = [system(record) for record in records]
ready = time.perf_counter()
turns, bounds = [], {}
for _ in range(int(document["networks"].attrs["data-turns"])):
    begin = time.perf_counter()
    for current, record in zip(systems, records, strict=True):
        bounds.update(current.leave_one_out(record["left out"], record["pieces"]))
    turns.append(time.perf_counter() - begin)
texts = {name: ends and [repr(end) for end in ends] for name, ends in bounds.items()}
window.answer = json.dumps({"prepared": ready - start, "turns": turns, "bounds": texts})

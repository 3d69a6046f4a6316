"""What the page of `browser.py` runs, by Brython: leave-one-out of every network that the page holds."""

import json
import time

from browser import document, window

from recount.arithmetic.contraction import Program, Shape
from recount.arithmetic.network import Fact, Figure, Network, Quantity, Rule, System


def program(record):
    """A relation, its shape of plain tuples and its ends numbers again."""
    names, (arity, constants, steps, left, symbol, right) = record
    constants = tuple((float(low), float(high)) for low, high in constants)
    return Program(
        tuple(names), Shape(arity, constants, tuple(tuple(step) for step in steps), left, symbol, right)
    )


def system(record):
    """A network with its figures, as `browser.record` wrote them."""
    quantities = {
        name: Quantity(float(low), float(high), whole) for name, low, high, whole in record["quantities"]
    }
    rules = [
        Rule(name, program(relation), question, spare) for name, relation, question, spare in record["rules"]
    ]
    facts = [Fact(program(relation), frozenset(parents)) for relation, parents in record["facts"]]
    figures = {
        name: Figure(quantity, (float(low), float(high))) for name, quantity, low, high in record["figures"]
    }
    return System(Network(quantities, rules, facts), figures)


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

"""The peer of the speed benchmark, in a process of its own: leave-one-out by codac's contractors.

Importing codac turns the whole process to upward rounding, so nothing of the package under test is
imported here. The parent writes one JSON object per line: first the network, then one job after
another; each job is answered by a line with the CPU seconds it took and the bounds that are left.

Contractors are built once; from job to job only boxes change. A job runs over `components`
(the statistics that relations tie, one small box each, every relation contracted in C++) or over
the `whole` network (each relation on the box of its own quantities, in turn while anything moves).
"""

from __future__ import annotations

import json
import re
import sys
import time
from typing import Any

import codac

Box = list[float]

# As in the package: a bound that moves by less than this part of itself does not count.
_STILL = 1e-9
_ROUNDS = 200


class Network:
    """Quantities, what each can be, and the relations' contractors."""

    def __init__(self, quantities: list[str], natural: dict[str, Box], relations: list[str]):
        self.quantities, self.natural = quantities, natural
        self.tied = [list(dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text))) for text in relations]
        self.own = [_inverse(text, names) for text, names in zip(relations, self.tied, strict=True)]
        self.components = []
        for members in _connected(quantities, self.tied):
            inside = [text for text, names in zip(relations, self.tied, strict=True) if names[0] in members]
            every = [_inverse(text, members) for text in inside]
            self.components.append((members, codac.CtcInter(*every) if every else None))

    def box(self, id: str, printed: dict[str, Box], left_out: str) -> codac.Interval:
        """A quantity's natural bounds, within what is printed of it unless that is left out."""
        low, high = self.natural[id]
        if id in printed and id != left_out:
            low, high = max(low, printed[id][0]), min(high, printed[id][1])
        return codac.Interval(low, high)

    def by_components(self, printed: dict[str, Box]) -> dict[str, Box]:
        """Each statistic left out in turn, its own component contracted to a fixpoint."""
        bounds = {}
        for members, contractor in self.components:
            boxes = [self.box(id, printed, "") for id in members]
            for place, id in enumerate(members):
                if id not in printed:
                    continue
                start = [*boxes]
                start[place] = self.box(id, printed, id)
                if contractor is None:
                    left = start[place]
                else:
                    left = _fixpoint(contractor, codac.IntervalVector(start))[place]
                bounds[id] = [left.lb(), left.ub()]
        return bounds

    def by_whole(self, printed: dict[str, Box]) -> dict[str, Box]:
        """Each statistic left out in turn, every relation contracted while anything moves."""
        bounds = {}
        boxes = {id: self.box(id, printed, "") for id in self.quantities}
        for id in printed:
            left = self._swept(boxes | {id: self.box(id, printed, id)})
            bounds[id] = [left[id].lb(), left[id].ub()]
        return bounds

    def _swept(self, box: dict[str, codac.Interval]) -> dict[str, codac.Interval]:
        touched = set(self.quantities)
        for _ in range(_ROUNDS):
            moved: set[str] = set()
            for names, contractor in zip(self.tied, self.own, strict=True):
                if touched.isdisjoint(names) and moved.isdisjoint(names):
                    continue
                narrowed = contractor.contract(codac.IntervalVector([box[name] for name in names]))
                for place, name in enumerate(names):
                    if _moved(box[name], narrowed[place]):
                        moved.add(name)
                    box[name] = narrowed[place]
            if not moved:
                return box
            touched = moved
        return box


def _inverse(text: str, names: list[str]) -> Any:
    """The forward-backward contractor of one relation over a box of these quantities."""
    symbol = "==" if "==" in text else "<="
    left, right = text.split(symbol)
    x = codac.VectorVar(len(names))
    difference = eval(f"({left}) - ({right})", {name: x[place] for place, name in enumerate(names)})
    image = codac.Interval(0, 0) if symbol == "==" else codac.Interval(-float("inf"), 0)
    return codac.CtcInverse(codac.AnalyticFunction([x], difference), image, False)


def _connected(quantities: list[str], tied: list[list[str]]) -> list[list[str]]:
    group = {name: {name} for name in quantities}
    for names in tied:
        union = set().union(*(group[name] for name in names))
        for name in union:
            group[name] = union
    distinct = {id(members): members for members in group.values()}
    return [[name for name in quantities if name in members] for members in distinct.values()]


def _fixpoint(contractor: Any, box: Any) -> Any:
    """Contract until no bound moves. (CtcFixpoint compares volumes, and stops at unbounded boxes.)"""
    for rounds in range(_ROUNDS):
        narrowed = contractor.contract(codac.IntervalVector(box))
        if narrowed == box:
            return narrowed
        if rounds % 4 == 3 and not any(_moved(box[i], narrowed[i]) for i in range(box.size())):
            return narrowed
        box = narrowed
    return box


def _moved(was: codac.Interval, now: codac.Interval) -> bool:
    for old, new in ((was.lb(), now.lb()), (was.ub(), now.ub())):
        if old != new and not abs(new - old) <= _STILL * abs(old):
            return True
    return False


def main() -> None:
    """Answer jobs until there are no more."""
    network = Network(**json.loads(sys.stdin.readline()))
    print(json.dumps({"version": codac.__version__}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        work = network.by_components if job["by"] == "components" else network.by_whole
        start = time.process_time()
        bounds = [work(printed) for printed in job["printed"]]
        seconds = time.process_time() - start
        print(json.dumps({"seconds": seconds, "bounds": bounds}), flush=True)


if __name__ == "__main__":
    main()

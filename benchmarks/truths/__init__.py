"""True reports of a second kind, written without a look at `benchmarks.reports` and at the package's reader.

A report starts from exact values (fractions) with relations that hold of them exactly; `printing` writes each
of them as newspapers do, by rules of its own, and knows itself what the written figure can stand for.
`tables`, `series` and `averages` are the kinds of report, `slips` misprints one figure, and `oracle` says by
linear programming what the figures of a report allow.
"""

"""The benchmarks' own ground: reports are true, misprints are what they are called, counts add up."""

from __future__ import annotations

import math
import subprocess
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random
from types import SimpleNamespace

import pytest

from benchmarks import misprints
from benchmarks.__main__ import BEGIN, END, NAMES, README, written
from benchmarks.before import COMMIT, HistoryError, checkout
from benchmarks.building import chapters_run
from benchmarks.children import Child, in_turns
from benchmarks.figures import ROUNDINGS, Figure, exact
from benchmarks.misprints import KINDS, Misprint
from benchmarks.reports import Quantity, Report, make
from benchmarks.results import exactly, least, missing, most
from benchmarks.results import share as share_of
from benchmarks.soundness import facts, summed
from benchmarks.speed import excess
from benchmarks.workshop import Run
from recount.arithmetic.intervals import Interval
from recount.audit import Audit
from recount.figures.numerals import default_readings, parse
from recount.figures.readings import READINGS

SIZES = [("newspaper", 110), ("newspaper", 9), ("dense", 40), ("series", 30), ("table", 50)]
SEEDS = range(6)


def holds(report: Report, text: str) -> bool:
    """A relation at the true values, by Python's own exact fractions."""
    names = {id: int(q.value) if q.unit == "year" else q.value for id, q in report.truth.items()}
    return bool(eval(text, {"__builtins__": {}}, names))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_every_relation_holds_of_the_truth(kind, size, seed):
    report = make(kind, size, seed)
    assert [text for text in report.relations.values() if not holds(report, text)] == []


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_every_printed_figure_is_true_under_every_reading(kind, size, rounding):
    for seed in SEEDS:
        report = make(kind, size, seed, rounding)
        for id, figure in report.figures.items():
            for reading in READINGS:
                bounds = default_readings().bounds(parse(figure.text), reading, rounding)
                value, low, high = report.truth[id].value, bounds.lower, bounds.upper
                assert low is None or Fraction(low) <= value, (figure.text, value, reading)
                assert high is None or value <= Fraction(high), (figure.text, value, reading)


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_a_report_has_as_many_statistics_as_asked_for_and_is_the_same_again(kind, size):
    first, again, other = make(kind, size, 1), make(kind, size, 1), make(kind, size, 2)
    assert len(first.figures) == size
    assert first == again != other


def test_the_report_of_110_statistics_has_74_relations():
    assert {len(make("newspaper", 110, seed).relations) for seed in SEEDS} == {74}


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_what_a_figure_says_agrees_with_the_published_readings(kind, size):
    """Two independent readings of the same print: the generator's own and that of readings.csv."""
    rng = Random(5)
    report = make(kind, size, 5)
    drawn = [misprints.draw(report, slip, rng, misprints.linked(report)) for slip in KINDS]
    figures = list(report.figures.values()) + [misprint.figure for misprint in drawn if misprint]
    for figure in figures:
        bounds = default_readings().bounds(parse(figure.text))
        if figure.unit not in ("户", "年"):  # of which only whole numbers are possible
            low, high = figure.range()
            assert (low, high) == tuple(
                None if end is None else Fraction(end) for end in (bounds.lower, bounds.upper)
            ), figure


@pytest.mark.parametrize(
    ("value", "digits", "rounding", "number"),
    [("2.345", 2, "half_up", "2.35"), ("2.345", 2, "truncation", "2.34"), ("2.341", 2, "ceiling", "2.35"),
     ("-3.25", 1, "half_up", "-3.3"), ("-0.04", 1, "half_up", "0.0"), ("1349", -2, "half_up", "1300")],
)  # fmt: skip
def test_a_value_is_rounded_exactly(value, digits, rounding, number):
    assert exact(Fraction(value), "元", digits, rounding).number == number


def share(part: str, total: str, printed: str) -> Report:
    """A share of a total as printed, beside its truth of a quarter."""
    report = Report({}, {"share": "share == part / total"}, {})
    for id, value, unit, kind, text in (
        ("part", 25 * 10**8, "yuan", "stock", part),
        ("total", 10**10, "yuan", "stock", total),
        ("share", Fraction(1, 4), "ratio", "share", printed),
    ):
        report.truth[id] = Quantity(Fraction(value), unit, kind, id)
        report.figures[id] = Figure(text, "%" if unit == "ratio" else "亿元")
    return report


def test_a_misprint_is_visible_only_where_the_printed_numbers_can_no_longer_hold():
    report = share("25.0", "100.0", "25.0")
    tenfold = Misprint("share", "power_of_ten", Figure("2.50", "%"))
    rounded = Misprint("share", "digit_changed", Figure("25.1", "%"))
    assert misprints.visible(report, tenfold)
    assert not misprints.visible(report, rounded)  # 25.049 of 99.951 is 25.06%, which prints as 25.1%
    open_end = Misprint("total", "power_of_ten", Figure("10.0", "亿元", "超过"))
    assert not misprints.visible(report, open_end)


def test_two_misprints_that_cancel_out_cannot_be_seen():
    report = share("25.0", "100.0", "25.0")
    both = (
        Misprint("part", "power_of_ten", Figure("250.0", "亿元")),
        Misprint("total", "power_of_ten", Figure("1000.0", "亿元")),
    )
    assert misprints.visible(report, both[0])
    assert misprints.visible(report, both[1])
    assert not misprints.visible(report, both[0], (both[1],))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_slip_prints_another_figure_that_can_be_read(kind):
    rng, drawn = Random(2), []
    for seed in range(20):
        report = make(("newspaper", "dense")[seed % 2], 40, seed)
        misprint = misprints.draw(report, kind, rng, misprints.linked(report))
        if misprint:
            parse(misprint.figure.text)
            assert misprint.figure != report.figures[misprint.statistic]
            drawn.append(misprint)
    assert len(drawn) >= 3
    assert {misprint.kind for misprint in drawn} == {kind}


def share_misprint() -> tuple[Report, Misprint]:
    misprint = Misprint("share", "power_of_ten", Figure("2.50", "%"))
    return misprints.misprinted(share("25.0", "100.0", "25.0"), (misprint,)), misprint


def told(conflicts=((),), explanations=()) -> SimpleNamespace:
    """What the counters read of an audit."""
    return SimpleNamespace(
        conflicts=[SimpleNamespace(statistics=ids) for ids in conflicts if ids],
        overlapping=[],
        explanations=[SimpleNamespace(statistics=ids, rank=rank) for ids, rank in explanations],
    )


ALL = ("part", "total", "share")


@pytest.mark.parametrize(
    ("audit", "expected"),
    [
        (told(), ["reports"]),
        (told([("part", "total")]), ["reports", "detected"]),
        (told([ALL]), ["reports", "detected", "shown"]),
        (told([ALL], [(("part",), 1), (("share",), 2)]), ["reports", "detected", "shown", "explained"]),
        (told([ALL], [(("part",), 1), (("share",), 1)]), ["reports", "detected", "shown", "explained", "first or tied"]),
        (told([ALL], [(("share",), 1), (("share",), 1), (("part",), 2)]),
         ["reports", "detected", "shown", "explained", "first or tied", "alone first"]),
        (told([ALL], [(("part", "share"), 1)]), ["reports", "detected", "shown"]),
    ],
)  # fmt: skip
def test_what_an_audit_says_is_counted_as_it_is(audit, expected):
    report, misprint = share_misprint()
    assert facts(audit, report, [misprint]) == expected


def test_of_two_misprints_that_nothing_ties_each_is_explained_in_its_own_place():
    report, first = share_misprint()
    for id in ALL:
        report.truth[f"other_{id}"] = replace(report.truth[id], what=f"other_{id}")
        report.figures[f"other_{id}"] = report.figures[id]
    report.relations["other"] = "other_share == other_part / other_total"
    second = replace(first, statistic="other_share")
    conflicts = [ALL, tuple(f"other_{id}" for id in ALL)]
    single = told(conflicts, [(("share",), 1)])
    both = told(conflicts, [(("share",), 1), (("other_part",), 1), (("other_share",), 1)])
    assert facts(single, report, [first, second]) == ["reports", "detected", "shown"]
    assert facts(both, report, [first, second])[-2:] == ["explained", "first or tied"]


def test_tallies_are_summed_over_what_is_not_asked_for():
    tally = Counter(
        {
            ("shown", "dense", "sign"): 2,
            ("shown", "newspaper", "sign"): 3,
            ("shown", "dense", "period"): 5,
            ("reports", "dense", "sign"): 7,
        }
    )
    assert summed(tally, "shown") == 10
    assert summed(tally, "shown", kind="dense") == 7
    assert summed(tally, "shown", slip="sign") == 5


def test_a_shortfall_is_printed_as_one():
    assert share_of("first", 94, 93, 100).row() == "| first | at least 94% | 93.0% (93 of 100) | **no** |  |"
    assert most("growth", 15, 14.96).met
    assert least("times faster", 4, 3.999).met is False
    assert exactly("chapters run", 0, 1).met is False
    assert (
        missing("`make quick`", "at most 0.1", "no such target").row().endswith("| **no** | no such target |")
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_keeps_its_text_around_the_results(name):
    text = README.read_text(encoding="utf-8")
    once = written(text, name, "| a |")
    assert written(once, name, "| b |") == written(text, name, "| b |")
    begin, end = BEGIN.format(name=name), END.format(name=name)
    assert once.partition(begin)[0] == text.partition(begin)[0]
    assert once.partition(end)[2] == text.partition(end)[2]
    with pytest.raises(ValueError, match="markers"):
        written("no markers", name, "| a |")


def test_bounds_are_compared_by_the_printed_width():
    ours = {"a": Interval(10.0, 20.0), "b": Interval(1.0, math.inf)}
    printed = {"a": [9.0, 29.0], "b": [2.0, 3.0]}
    assert excess(ours, {"a": [10.0, 19.5], "b": [1.0, math.inf]}, printed) == pytest.approx(0.5 / 20)
    assert excess(ours, {"a": [9.0, 21.0], "b": [0.0, math.inf]}, printed) == 0
    assert excess(ours, {"a": [10.0, 20.0], "b": [1.0, 7.0]}, printed) == math.inf


@pytest.mark.parametrize("kind", ["series", "table"])
def test_of_some_networks_all_statistics_are_tied(kind):
    judged = Audit(make(kind, 40, 1, plain=True).dataset()).judgements
    assert [len(network.own) for network in judged] == [40]


# -- against the commit before ----------------------------------------------------------------------


def git(folder, *arguments):
    author = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """Two commits of one file."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for text in ("before", "now"):
        (folder / "file.txt").write_text(text, encoding="utf-8")
        git(folder, "add", "file.txt")
        git(folder, "commit", "--quiet", "--message", text)
    return folder


def commit_of(folder, name):
    named = subprocess.run(["git", "rev-parse", name], cwd=folder, check=True, capture_output=True, text=True)
    return named.stdout.strip()


def test_a_commit_is_checked_out_with_its_history_and_the_checkout_stays_as_it_is(repository, tmp_path):
    first = commit_of(repository, "HEAD~1")
    copy = checkout(tmp_path / "copy", first, repository)
    assert (copy / "file.txt").read_text(encoding="utf-8") == "before"
    assert commit_of(copy, "HEAD") == first
    assert (repository / "file.txt").read_text(encoding="utf-8") == "now"


def test_a_shallow_history_is_refused_with_the_remedy(repository, tmp_path):
    first, shallow = commit_of(repository, "HEAD~1"), tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(shallow))
    with pytest.raises(HistoryError, match=rf"found no commit {first}.*git fetch --unshallow"):
        checkout(tmp_path / "copy", first, shallow)


def test_a_folder_without_a_history_is_refused(tmp_path):
    (tmp_path / "plain").mkdir()
    with pytest.raises(HistoryError, match=f"plain: found no commit {COMMIT}"):
        checkout(tmp_path / "copy", COMMIT, tmp_path / "plain")


def test_a_process_answers_from_its_own_checkout_and_its_end_is_an_error(tmp_path):
    script = tmp_path / "script.py"
    (tmp_path / "its_own.py").write_text("ANSWER = 41\n", encoding="utf-8")
    script.write_text(
        "import its_own, json; print(json.dumps(its_own.ANSWER + json.loads(input())))", encoding="utf-8"
    )
    child = Child(script, tmp_path)
    assert child.ask(1) == 42
    with pytest.raises(RuntimeError, match=r"script\.py in .* ended"):
        child.ask(2)
    child.close()


def test_sides_take_turns_and_each_has_its_median_without_the_first_turn():
    said, taken = [], {"now": iter([99.0, 1.0, 3.0, 2.0]), "before": iter([99.0, 10.0, 10.0, 40.0])}

    def side(name):
        said.append(name)
        return next(taken[name])

    assert in_turns(3, lambda: side("now"), lambda: side("before")) == [2.0, 10.0]
    assert said == ["now", "before"] * 4


@pytest.mark.parametrize(
    ("printed", "count"),
    [("2 chapters executed, 28 up to date\n", 2), ("1 chapter executed, 0 up to date", 1),
     ("the site is up to date: _build/site", 0)],
)  # fmt: skip
def test_chapters_run_are_read_from_what_a_build_says(printed, count):
    assert chapters_run(Run(1.0, 1.0, printed)) == count


def test_a_build_that_does_not_say_what_it_ran_is_an_error():
    with pytest.raises(ValueError, match="does not say how many chapters"):
        chapters_run(Run(1.0, 1.0, "done"))

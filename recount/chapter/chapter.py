"""What a notebook needs: the audit under its parameters, tables, charts and glued numbers."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from IPython.display import display

from recount.arithmetic.intervals import Interval
from recount.audit import Audit, AuditError, Settings
from recount.audit.settings import check_choice
from recount.chapter import tables, values
from recount.chapter.markup import marked
from recount.chapter.overview import overview
from recount.charts import Chart
from recount.package import load
from recount.words import (
    LANGS,
    VERDICTS,
    capitalised,
    interval,
    number,
    pick,
    printed_words,
    shown_unit,
    support_words,
    verdict_word,
)

T = TypeVar("T")

# MyST-NB takes glued values from outputs of this type and leaves them out of the page.
_GLUE = "application/papermill.record/"
_VERDICTS = "application/vnd.recount.verdicts+json"


class Chapter:
    """One chapter of the book: the audit of the dataset under the notebook's parameters.

    `section` is the part of the report that the chapter treats (`lead`, `national`, …), or any
    other word for a chapter that treats none. `lang` is `zh` or `en`; the other parameters are
    those of `recount.audit.Settings`; `data_dir` is a data package, or None for the book's own.

    Raises AuditError naming the parameter, what was found and what was expected; DataError with
    every problem of the data package.
    """

    def __init__(
        self,
        section: str,
        lang: str = "zh",
        reading: str = "customary",
        rounding: str = "half_up",
        evidence: str = "all",
        assumptions: Mapping[str, bool] | None = None,
        overrides: Mapping[str, str] | None = None,
        data_dir: str | Path | None = None,
    ):
        self.section, self.lang = section, check_choice("lang", lang, LANGS, AuditError)
        if data_dir is not None and not isinstance(data_dir, (str, Path)):
            raise AuditError(f"data_dir: found {data_dir!r}; expected the path of a data package")
        settings = Settings(reading, rounding, evidence, assumptions or None, overrides or None)
        self.audit = Audit(load(data_dir or None).for_language(lang), settings)
        self._names: set[str] = set()
        if not _opened:  # exercises open others, which are not what the notebook is about
            _opened.append(self)
        if settings != Settings():
            self._tell_settings(settings)

    def with_(self, **changes: Any) -> Chapter:
        """The same chapter under other parameters: `chapter.with_(overrides={"sme_loans": "9.7万亿元"})`.

        Assumptions and overrides are added to the chapter's own; what they do not touch is not computed
        again.
        """
        other = copy.copy(self)
        other.audit, other._names = self.audit.with_(**changes), set()
        if other.audit.settings != Settings():
            other._tell_settings(other.audit.settings)
        return other

    # -- values -----------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Interval:
        """A statistic's or quantity's interval as the evidence prints it, to compute with."""
        return self.audit.evaluate(name)

    @property
    def ledger(self) -> pd.DataFrame:
        """Every statistic of the report with its verdict (see `recount.audit.Audit.ledger`)."""
        return self.audit.ledger

    @property
    def own(self) -> list[str]:
        """Ids of the statistics of this chapter's section, in the order of the report."""
        return [str(id) for id in self.ledger.index[self.ledger["section"] == self.section]]

    def rows(self, *ids: str) -> pd.DataFrame:
        """Ledger rows of the named statistics, in that order."""
        for id in ids:
            check_choice("statistic", id, self.ledger.index, AuditError)
        return self.ledger.loc[list(ids)]

    def outside(self, quantity: str) -> Interval:
        """What an outside source prints for a quantity, to compare with, whatever counts as evidence."""
        references = self.audit.data.references
        check_choice("quantity", quantity, list(references["quantity"]), AuditError)
        printed = references.loc[references["quantity"] == quantity, "printed"].iloc[0]
        return self.audit.data.interval(printed)

    def recomputed(self, id: str) -> Interval:
        """What all the evidence but a statistic itself leaves possible for it."""
        return self.audit.recomputed[id]

    # -- words ------------------------------------------------------------------------------------

    def say(self, zh: T, en: T) -> T:
        """The one for this edition."""
        return pick((zh, en), self.lang)

    def label(self, id: str) -> str:
        """A statistic's or quantity's name in this edition."""
        table = self.audit.data.statistics if id in self.audit.printed else self.audit.data.quantities
        return str(table.loc[id, f"label_{self.lang}"])

    def heading(self, id: str) -> str:
        """The same name as it begins a line."""
        return capitalised(self.label(id))

    def verdict(self, id: str) -> str:
        """A statistic's verdict in this edition's word."""
        return verdict_word(self.ledger.loc[id, "verdict"], self.lang)

    def word(self, value: Interval | float, unit: str, digits: int | None = None) -> str:
        """A number or an interval in this edition's words; `points` for percentage points."""
        if isinstance(value, Interval):
            return interval(value.lower, value.upper, unit, self.lang)
        return number(value, unit, self.lang, digits)

    def least(self, value: Interval | float, unit: str, digits: int | None = None) -> str:
        """A number, or an interval's lower end, in words, rounded down: for prose that says at least."""
        end = value.lower if isinstance(value, Interval) else value
        return number(end, unit, self.lang, digits, "down")

    def most(self, value: Interval | float, unit: str, digits: int | None = None) -> str:
        """A number, or an interval's upper end, in words, rounded up: for prose that says at most."""
        end = value.upper if isinstance(value, Interval) else value
        return number(end, unit, self.lang, digits, "up")

    def near(self, value: Interval, unit: str, digits: int = 3) -> str:
        """The middle of a narrow interval in this edition's words, rounded."""
        return self.word(value.mid, unit, digits)

    def printed(self, id: str) -> str:
        """A statistic's printed figure in this edition's words, its hedge included."""
        row = self.rows(id).iloc[0]
        return printed_words(row["printed"], self.lang, shown_unit(row))

    def glue(self, **values: str) -> None:
        """Name finished texts for the prose: `{glue:text}` with the same key prints them."""
        for name, value in values.items():
            if not isinstance(value, str):
                raise AuditError(f"glue {name!r}: found {value!r}; expected text from word() or say()")
            # quoted, or MyST-NB takes 340,000 for the pair (340, 0) and 15.40 for the number 15.4
            record = {_GLUE + "text/plain": repr(value)}
            display(record, raw=True, metadata={"scrapbook": {"name": name, "mime_prefix": _GLUE}})

    # -- tables and charts ------------------------------------------------------------------------

    def statistics(self, *ids: str) -> None:
        """Show statistics with printed and recomputed interval, verdict and support.

        Without ids: all of the section, each row being the statistic's address in the book.
        """
        shown = list(ids) or self.own
        html = tables.statistics(self.audit, shown, self.lang, self.section, anchors=not ids)
        self._show_html(html, shown)

    def results(self, rows: Sequence[tuple[str, Interval | float | str, str]], caption: str = "") -> None:
        """Show values computed in the cell: name, interval or number (or finished words), unit."""
        headings = [self.say("所算", "computed"), self.say("结果", "result")]
        words = [value if isinstance(value, str) else self.word(value, unit) for _, value, unit in rows]
        labels = [row[0] for row in rows]
        cells = [[marked(part, self.lang) for part in pair] for pair in zip(labels, words, strict=True)]
        self._show_html(tables.html_table(headings, cells, caption), [])

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> None:
        """Show finished words, or counts, in rows under headings."""
        cells = [[marked(word, self.lang) for word in row] for row in rows]
        self._show_html(tables.html_table(headings, cells, caption), [])

    def conflicts(self) -> None:
        """Show what does not add up among the section's numbers, and what would mend it."""
        html = tables.conflicts(self.audit, self.own or list(self.audit.printed), self.lang, self.section)
        nothing = self.say("本部分没有互相矛盾的数字。", "No numbers of this section contradict each other.")
        self._show_html(html or f"<p>{nothing}</p>", [])

    def alternatives(self, *ids: str) -> None:
        """Show assumptions or rival answers, each tried by itself on the figures as printed."""
        self._show_html(tables.alternatives(self.audit, list(ids), self.lang), [])

    def verdict_counts(self) -> None:
        """Show how many statistics of each section have each verdict."""
        words = {verdict: verdict_word(verdict, self.lang) for verdict in VERDICTS}
        self._show_counts("verdict", words, self.say("判定", "verdict"))

    def support_counts(self) -> None:
        """Show how many statistics of each section rest on each kind of support."""
        kinds = list(dict.fromkeys(sorted(self.ledger["support_kind"])))
        none = self.say("无", "none")
        words = {kind: support_words(kind, self.lang) or none for kind in kinds}
        self._show_counts("support_kind", words, self.say("依据", "support"))

    def _show_counts(self, column: str, words: Mapping[str, str], heading: str) -> None:
        names = self.audit.data.section_names(self.lang)
        self._show_html(tables.counts(self.ledger, column, words, heading, self.lang, names), [])

    def overview(self) -> None:
        """Show a tile for each statistic of the report, in its order, each a link to its place."""
        self._show_html(overview(self.audit, self.lang), [])

    def ledger_table(self) -> None:
        """Show every statistic of the report in one table that can be filtered and sorted."""
        self._show_html(tables.ledger(self.audit, self.lang), list(self.audit.printed))

    def draw(self, chart: Chart) -> None:
        """Show a chart with its alternative text and caption, and a table of the values it draws."""
        if chart.name in self._names:
            raise AuditError(f"chart {chart.name!r}: the name is taken; expected one of its own")
        self._names.add(chart.name)
        facts = {"alt": chart.alt, "caption": chart.caption, "name": chart.name, "draws": list(chart.draws)}
        data = {"image/svg+xml": chart.svg(), "text/plain": chart.alt}
        display(data, raw=True, metadata={"recount": facts})
        html = values.drawn(chart, self.audit, self.lang, self.section)
        if html:
            plain = chart.values.to_string(index=False)
            display(
                {"text/html": html, "text/plain": plain},
                raw=True,
                metadata={"recount": {"values": chart.name}},
            )

    def _show_html(self, html: str, lists: Sequence[str]) -> None:
        facts = {"lists": list(lists)}
        display({"text/html": html, "text/plain": "<table>"}, raw=True, metadata={"recount": facts})

    def _tell_settings(self, settings: Settings) -> None:
        """Say on the page that it shows something other than the report under the book's defaults."""
        default = vars(Settings())
        changed = [f"{name}: {value}" for name, value in vars(settings).items() if value != default[name]]
        zh, en = "本页按下列参数重算，不是默认结果。", "Recomputed with these parameters, not the defaults."
        if settings.overrides:
            zh = "假如：本页换用了下列数字，不是报道原文。"
            en = "What if: these figures replace the report's own."
        body = "<br>".join(marked(line, self.lang) for line in changed)
        lead = f"<strong>{self.say(zh, en)}</strong>"
        self._show_html(f'<div class="recount-settings" role="note">{lead}<br>{body}</div>', [])


_opened: list[Chapter] = []
"""The chapter that this kernel opened first."""


def tell_verdicts() -> None:
    """Put out the verdicts of the chapter that the notebook opened first, for the table of a sweep."""
    for chapter in _opened:
        verdicts = {str(id): verdict for id, verdict in chapter.audit.verdicts.items()}
        display({_VERDICTS: verdicts, "text/plain": ""}, raw=True)

"""The proof that a report's figures can all be true, as a folded table to read and take away."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from html import escape

from recount.audit import Audit
from recount.chapter.markup import marked
from recount.chapter.tables import figure, html_table
from recount.words import capitalised, counted, number, pick, printed_words

_HEADINGS = {
    "quantity": ("量", "quantity"),
    "printed": ("印出的数字", "printed"),
    "value": ("所取的值", "value taken"),
    "full": ("全部位数", "in full"),
}
_SUMMARY = ("一组取值：{zh}个量", "One set of values, for {en}")
_DOWNLOAD = ("下载这组取值（CSV）", "Take the values away (CSV)")


def table(audit: Audit, lang: str) -> str:
    """Each quantity's value in `Audit.witness`, beside the undisputed figures that are printed of it.

    Folded, with a link that holds the values in full precision; empty without any value.
    """
    if not audit.witness:
        return ""
    rows = [_row(audit, quantity, lang) for quantity in audit.witness]
    summary = pick(_SUMMARY, lang).format(zh=len(rows), en=counted(len(rows), "quantity", "quantities"))
    headings = [pick(heading, lang) for heading in _HEADINGS.values()]
    address = "data:text/csv;base64," + b64encode(records(audit, lang).encode()).decode()
    shown = html_table(headings, rows, summary, seen=False)
    return (
        f"<details><summary>{escape(summary)}</summary>{shown}</details>"
        f'<p><a download="witness.csv" href="{address}">{escape(pick(_DOWNLOAD, lang))}</a></p>'
    )


def records(audit: Audit, lang: str) -> str:
    """The values as CSV: quantity, name, unit, value (money in yuan, percent as ratios)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["quantity", "label", "unit", "value"])
    for quantity, value in audit.witness.items():
        row = audit.data.quantities.loc[quantity]
        writer.writerow([quantity, row[f"label_{lang}"], row["unit"], repr(value)])
    return out.getvalue()


def _row(audit: Audit, quantity: str, lang: str) -> list[str]:
    about, value = audit.data.quantities.loc[quantity], audit.witness[quantity]
    printed = _printed(audit, quantity)
    gap = about["unit"] == "ratio" and any("percentage point" in printed_words(p, "en") for p in printed)
    unit = "points" if gap else about["unit"]
    shown = [figure(p, "" if unit == "ratio" else unit, lang) for p in printed]
    label, words = capitalised(about[f"label_{lang}"]), number(value, unit, lang)
    return [
        marked(label, lang),
        "<br>".join(shown) or "—",
        escape(words),
        f'<code class="num">{value!r}</code>',
    ]


def _printed(audit: Audit, quantity: str) -> list[str]:
    """The undisputed figures of a quantity, of the report and then of outside sources."""
    ledger, references = audit.ledger, audit.data.references
    own = ledger.loc[(ledger["quantity"] == quantity) & ~ledger["id"].isin(audit.disputed), "printed"]
    outside = references.loc[references["quantity"] == quantity, "printed"]
    return list(dict.fromkeys([*own, *(outside if audit.settings.evidence == "all" else ())]))

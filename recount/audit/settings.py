"""How a report is read in an audit, and what counts as evidence: the audit's parameters, checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from recount.figures.digits import NumeralError

if TYPE_CHECKING:  # the tables bring pandas, which the arithmetic does without
    from recount.package import Dataset

EVIDENCE = ("report", "all")


class AuditError(ValueError):
    """A parameter the audit cannot use, or outside evidence that contradicts itself."""


@dataclass(frozen=True)
class Settings:
    """How the report is read and what counts as evidence.

    `overrides` names statistics and what to take them to print instead; `published` names quantities
    and figures for them, as if an outside source had printed these.
    """

    reading: str = "customary"
    rounding: str = "half_up"
    evidence: str = "all"
    assumptions: Mapping[str, bool] | None = None
    overrides: Mapping[str, str] | None = None
    published: Mapping[str, str] | None = None

    def changed(self, change: Mapping[str, Any]) -> Settings:
        """With some settings anew; assumptions, overrides and published figures are added to its own."""
        merged = dict(change)
        for name in ("assumptions", "overrides", "published"):
            if isinstance(merged.get(name), Mapping):
                merged[name] = dict(getattr(self, name) or {}) | dict(merged[name])
        try:
            return replace(self, **merged)
        except TypeError:
            known = ", ".join(Settings.__dataclass_fields__)
            raise AuditError(f"scenario {change!r}: expected some of {known}") from None

    def checked(self, data: Dataset) -> Settings:
        """Itself, or `AuditError` naming the parameter, what was found and what was expected."""
        check_choice("reading", self.reading, data.readings.readings, AuditError)
        check_choice("rounding", self.rounding, data.readings.roundings, AuditError)
        check_choice("evidence", self.evidence, EVIDENCE, AuditError)
        for id, value in _mapping("assumptions", self.assumptions).items():
            check_choice("assumptions", id, data.relations.index, AuditError)
            if not isinstance(value, bool):
                raise AuditError(f"assumptions[{id!r}]: found {value!r}; expected true or false")
        for id, printed in _mapping("overrides", self.overrides).items():
            check_choice("overrides", id, data.statistics.index, AuditError)
            quantity = data.statistics.at[id, "quantity"]
            _check_figure(data, f"overrides[{id!r}]", printed, quantity, data.rules.get(id, ""))
        for id, printed in _mapping("published", self.published).items():
            check_choice("published", id, data.units, AuditError)
            _check_figure(data, f"published[{id!r}]", printed, id)
        return self


def _check_figure(data: Dataset, name: str, printed: object, quantity: str, rule: str = "") -> None:
    text, unit = printed if isinstance(printed, str) else "", data.units[quantity]
    try:
        figure = data.figure(text)
        if figure.unit == unit:
            data.check(text, quantity, rule)
    except NumeralError as error:
        raise AuditError(f"{name}: found {printed!r}; {error}") from None
    if figure.unit != unit:
        raise AuditError(f"{name}: found {printed!r}, in {figure.unit}; expected a figure in {unit}")


def _mapping(name: str, value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise AuditError(f"{name}: found {value!r}; expected a mapping, such as {{'id': ...}}")
    return value


def check_choice(
    name: str, value: object, allowed: Collection[str], error: Callable[[str], Exception]
) -> str:
    """`value` if it is one of `allowed`; else an error that names parameter, value and choices."""
    if isinstance(value, str) and value in allowed:
        return value
    raise error(f"{name}: found {value!r}; expected one of {', '.join(map(repr, allowed))}")

"""The grid of a sweep: parameters, the values each of them takes, and every combination."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAPPINGS = ("assumptions", "overrides", "published")
"""Parameters whose values are mappings."""

_FORM = "NAME=VALUE,VALUE or NAME=@FILE, such as reading=literal,customary or overrides=@overrides.yml"


class SweepError(Exception):
    """The sweep cannot be done as asked; the message says what was found and what to do."""


@dataclass(frozen=True)
class Value:
    """One value of a parameter; `label` is the name it was given in a file, '' without one."""

    value: Any
    label: str = ""


@dataclass(frozen=True)
class Point:
    """One combination: a value for each parameter of the grid."""

    values: Mapping[str, Any]
    label: str = ""
    """The names of those values that have one, joined by a comma."""


@dataclass(frozen=True)
class Grid:
    """Every combination of these values; the last parameter varies fastest. Without any: one point."""

    parameters: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    files: frozenset[Path] = field(default=frozenset(), compare=False)
    """The files that the values were read from."""

    def __len__(self) -> int:
        return math.prod(len(values) for values in self.parameters.values())

    def __iter__(self) -> Iterator[Point]:
        for chosen in itertools.product(*self.parameters.values()):
            values = {name: choice.value for name, choice in zip(self.parameters, chosen, strict=True)}
            yield Point(values, ", ".join(choice.label for choice in chosen if choice.label))

    def values(self, name: str) -> list[Any]:
        """The values of one parameter."""
        return [choice.value for choice in self.parameters[name]]

    @classmethod
    def of(cls, **parameters: Sequence[Any] | Mapping[str, Any]) -> Grid:
        """The grid of these lists of values, or mappings of a value's label to the value.

        Raises SweepError as for the command's `--set`.
        """
        return cls({name: _checked(name, _listed(name, given)) for name, given in parameters.items()})

    @classmethod
    def parsed(cls, options: Sequence[str]) -> Grid:
        """The grid of the command's `--set` options, each `NAME=VALUE,VALUE` or `NAME=@FILE`.

        Values are YAML scalars or flow mappings (`{id: figure}`); a file is a YAML list of values, or
        a mapping of labels to values. Raises SweepError naming the option.
        """
        parameters: dict[str, Sequence[Value]] = {}
        files: set[Path] = set()
        for option in options:
            name, equals, given = (part.strip() for part in option.partition("="))
            if not equals or not name.isidentifier():
                raise SweepError(f"--set {option!r}: expected {_FORM}")
            if name in parameters:
                raise SweepError(f"--set {name}: given twice; name all its values in one --set {name}=…")
            if given.startswith("@"):
                files.add(Path(given[1:]).resolve())
                read = _file(name, Path(given[1:]))
            else:
                read = _inline(name, given)
            parameters[name] = _checked(name, _listed(name, read))
        return cls(parameters, frozenset(files))


def canonical(value: Any) -> str:
    """A value as compact JSON, the same for the same value: keys in order, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _inline(name: str, given: str) -> list[Any]:
    """Values separated by commas, as a YAML list without its brackets."""
    try:
        values = yaml.safe_load(f"[{given}]")
    except yaml.YAMLError:
        raise SweepError(
            f"--set {name}={given}: cannot be read as a list of YAML values; "
            "put a text with , : { } [ ] # in quotes"
        ) from None
    if not values:
        raise SweepError(f"--set {name}: found no value; expected {_FORM}")
    return list(values)


def _file(name: str, path: Path) -> Any:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SweepError(f"--set {name}=@{path}: {error.strerror}; expected a YAML file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SweepError(f"--set {name}=@{path}: cannot be read as YAML in UTF-8: {error}") from None
    if not isinstance(content, (list, dict)) or not content:
        given = "nothing" if not content else type(content).__name__
        raise SweepError(
            f"--set {name}=@{path}: found {given}; expected a list of values, or a mapping "
            "of their labels to values"
        )
    return content


def _listed(name: str, given: Sequence[Any] | Mapping[str, Any]) -> list[Value]:
    """The values, with their labels where a mapping names them."""
    if not isinstance(given, Mapping):
        return [Value(value) for value in given]
    if name in MAPPINGS and not all(isinstance(value, Mapping) or value is None for value in given.values()):
        raise SweepError(
            f"--set {name}: found one mapping, {dict(given)}; expected a list of mappings "
            "(`- {id: …}`), or labels that each name one (`label: {id: …}`)"
        )
    return [Value(value, str(label)) for label, value in given.items()]


def _checked(name: str, values: Sequence[Value]) -> tuple[Value, ...]:
    """Values that a notebook and a table can hold, none of them twice."""
    if not values:
        raise SweepError(f"--set {name}: found no value; expected one at least")
    seen: set[str] = set()
    for choice in values:
        if (odd := next(_odd(choice.value), None)) is not None:
            raise SweepError(
                f"--set {name}: found {odd!r} ({type(odd).__name__}); expected text, a finite "
                "number, true, false, null, or lists and mappings of these; quote a text that "
                "YAML takes for a date or a number"
            )
        if name in MAPPINGS and choice.value is not None and not isinstance(choice.value, Mapping):
            raise SweepError(
                f"--set {name}: found {choice.value!r}; expected a mapping, such as {{id: …}}, "
                f"or @FILE with a list of them"
            )
        if (text := canonical(choice.value)) in seen:
            raise SweepError(f"--set {name}: found {text} twice; expected each value once")
        seen.add(text)
    return tuple(values)


def _odd(value: Any) -> Iterator[Any]:
    """The parts of a value that JSON has no word for."""
    if isinstance(value, Mapping):
        yield from (key for key in value if not isinstance(key, str))
        for item in value.values():
            yield from _odd(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _odd(item)
    elif isinstance(value, float):
        yield from () if math.isfinite(value) else (value,)
    elif value is not None and not isinstance(value, (str, int)):
        yield value

"""The table of a sweep: a row for each run, as Parquet and as CSV; what its columns mean."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.audit import VERDICTS
from recount.sweep.grid import Grid, SweepError, canonical

if TYPE_CHECKING:
    import pandas as pd

DONE, FAILED = "done", "failed"

COLUMNS = {
    "run": ("该次运行的文件夹，执行过的笔记本在其中", "folder of the run, with the executed notebook in it"),
    "chapter": ("运行的章", "chapter that was run"),
    "scenario": ("情形的序号，从零数起", "number of the scenario, counted from zero"),
    "label": (
        "参数文件给这组取值起的名字；没有则空",
        "name that the parameter file gives to these values; empty without one",
    ),
    "status": ("done：运行到底；failed：中途出错", "done: ran through; failed: ended in an error"),
    "error": ("出错的单元和错误信息；没有则空", "cell and message of the error; empty without one"),
    "seconds": ("从头到尾所用的秒数", "seconds from beginning to end"),
    "memory": ("所用内存的最大值，字节；不知道则空", "most memory held, in bytes; empty where not known"),
}
"""Every column that does not depend on the grid: what it means, in Chinese and English."""

PARAMETER = (
    "扫过的参数，名称即列名；映射写作紧凑的JSON",
    "a parameter of the sweep under its own name; mappings are compact JSON",
)
VERDICT = (
    "一个统计数的判定，由这次运行自己算出；失败的运行和不核算的笔记本则空",
    "verdict of one statistic as the run itself computed it; empty where the run failed or audits nothing",
)
VERDICT_PREFIX = "verdict_"
OF_RUNS = (("run", "chapter", "label"), ("status", "error", "seconds", "memory"))
OF_SCENARIOS = (("scenario", "label"), ("status", "error"))
"""Columns before and after those of the parameters; the verdicts come last."""


def described(columns: Iterable[str]) -> list[tuple[str, tuple[str, str]]]:
    """Columns of a table in order with their meaning in Chinese and English; the verdicts as one."""
    meanings: dict[str, tuple[str, str]] = {}
    for name in columns:
        if name.startswith(VERDICT_PREFIX):
            meanings[f"{VERDICT_PREFIX}…"] = VERDICT
        else:
            meanings[name] = COLUMNS.get(name, PARAMETER)
    return list(meanings.items())


def check_columns(grid: Grid) -> None:
    """Raises SweepError where a parameter bears the name of another column."""
    for name in grid.parameters:
        if name in COLUMNS or name.startswith(VERDICT_PREFIX):
            raise SweepError(
                f"--set {name}: the table has a column {name} that means something else; "
                "expected a parameter of another name"
            )


def frame(
    rows: Sequence[Mapping[str, Any]],
    verdicts: Sequence[Mapping[str, str]],
    grid: Grid,
    around: tuple[Sequence[str], Sequence[str]] = OF_RUNS,
) -> pd.DataFrame:
    """The table: `rows` with plain columns and parameters under their names, `verdicts` by statistic."""
    import pandas as pd

    statistics = dict.fromkeys(id for given in verdicts for id in given)
    table = pd.DataFrame(index=range(len(rows)))
    for name in (*around[0], *grid.parameters, *around[1]):
        values = [row.get(name) for row in rows]
        parameter = name in grid.parameters
        table[name] = column(values, grid.values(name)) if parameter else _plain(name, values)
    columns = {
        f"{VERDICT_PREFIX}{id}": verdict_column([given.get(id) for given in verdicts]) for id in statistics
    }
    return pd.concat([table, pd.DataFrame(columns, index=table.index)], axis=1)


def _plain(name: str, values: Sequence[Any]) -> pd.Series:
    import pandas as pd

    kinds = {"seconds": "float64", "memory": "Int64", "scenario": "int64"}
    if name not in kinds:
        values = ["" if value is None else str(value) for value in values]
    return pd.Series(values, dtype=kinds.get(name, "object"))


def column(values: Sequence[Any], among: Sequence[Any]) -> pd.Series:
    """A parameter's column, of a type that holds all values of the grid (`among`).

    Texts, whole numbers, numbers, true and false stay what they are, null is empty; mappings, lists and
    mixtures are compact JSON.
    """
    import pandas as pd

    kinds = {type(value) for value in among if value is not None}
    if kinds <= {str}:
        return pd.Series(values, dtype="object")
    dtype = {frozenset({int}): "Int64", frozenset({bool}): "boolean"}.get(frozenset(kinds))
    if kinds <= {int, float}:
        dtype = dtype or "Float64"
    if dtype:
        return pd.Series(values, dtype=dtype)
    return pd.Series([None if value is None else canonical(value) for value in values], dtype="object")


def verdict_column(values: Sequence[str | None]) -> pd.Series:
    """Verdicts, each a code in the table's file rather than a word; empty where there is none."""
    import pandas as pd

    return pd.Series(pd.Categorical(values, categories=VERDICTS))


def to_csv(table: pd.DataFrame, header: bool = True) -> bytes:
    """The table as CSV in UTF-8; what is empty stays empty, true and false are small."""
    logical = {
        name: table[name].map({True: "true", False: "false"})
        for name in table
        if str(table[name].dtype) == "boolean"
    }
    text: str = table.assign(**logical).to_csv(index=False, header=header, lineterminator="\n")
    return text.encode()


def to_parquet(table: pd.DataFrame, target: Path, append: bool = False) -> None:
    """Write the table as Parquet, or add its rows to a file with the same columns."""
    import fastparquet  # not through pandas, which means to read and write by pyarrow alone

    texts = [name for name in table if str(table[name].dtype) == "object"]
    fastparquet.write(
        str(target),
        table,
        compression="SNAPPY",
        write_index=False,
        append=append,
        object_encoding=dict.fromkeys(texts, "utf8"),
        stats=False,
    )


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """The table as the content of a Parquet file."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "table.parquet"
        to_parquet(table, target)
        return target.read_bytes()

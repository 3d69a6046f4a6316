"""Where the outcome of a sweep is kept: a folder, or any address that fsspec knows.

Each run has a folder with the executed notebook and a record. The record is written last and
removed first, so a record that can be read means that all beside it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from recount.sweep.grid import SweepError

RECORD = "run.json"
Record = dict[str, Any]


class Store:
    """Files below one address, written whole. Raises SweepError naming the address."""

    def __init__(self, address: str):
        self.address = address
        with self._told("opened"):
            self._files, self._root = fsspec.url_to_fs(address)
        self._local = {"file", "local"} & set(_protocols(self._files))

    def path(self, name: str) -> str:
        """A file's address, for people."""
        return str(Path(self.address) / name) if "://" not in self.address else f"{self._base}/{name}"

    @property
    def _base(self) -> str:
        return self.address.rstrip("/")

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        with self._told("read"):
            try:
                content: bytes = self._files.cat_file(self._at(name))
            except (FileNotFoundError, NotADirectoryError):
                return None
            return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file: no reader ever sees half of it.

        On a disk it is written under another name and moved; object stores show an object only when
        it is whole.
        """
        place = self._at(name)
        with self._told("written"):
            if not self._local:
                self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
                self._files.pipe_file(place, content)
                return
            folder, _, last = place.rpartition("/")
            self._files.makedirs(folder, exist_ok=True)
            aside = f"{folder}/.{last}.{uuid4().hex}"
            try:
                self._files.pipe_file(aside, content)
                self._files.mv(aside, place)
            except BaseException:
                with suppress(OSError):
                    self._files.rm_file(aside)
                raise

    def upload(self, name: str, file: Path) -> None:
        """Write a file from one of this machine's."""
        self.write(name, file.read_bytes())

    def delete(self, name: str) -> None:
        """Remove a file if it is there."""
        with self._told("written"), suppress(FileNotFoundError, NotADirectoryError):
            self._files.rm_file(self._at(name))

    def keep(self, run: str, notebook: tuple[str, bytes] | None, record: Record) -> None:
        """Keep a run: its notebook (file name, content) and then its record."""
        self.delete(f"{run}/{RECORD}")
        if notebook:
            self.write(f"{run}/{notebook[0]}", notebook[1])
        content = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        self.write(f"{run}/{RECORD}", content.encode())

    def records(self, runs: Iterable[str]) -> dict[str, Record]:
        """The records there are of these runs; one that cannot be read is none."""
        names = list(runs)
        with ThreadPoolExecutor(8) as pool:  # what a far store is slow at is answering one by one
            contents = pool.map(lambda name: self.read(f"{name}/{RECORD}"), names)
            parsed = {name: _parsed(content) for name, content in zip(names, contents, strict=True)}
        return {name: record for name, record in parsed.items() if record}

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        try:
            yield
        except SweepError:
            raise
        except Exception as error:  # each file system has errors of its own
            said = f"{type(error).__name__}: {error}"
            raise SweepError(
                f"--out {self.address}: cannot be {done} ({said}); expected a folder, or an address that "
                "fsspec can write to, such as file:///…, memory://… or s3://…"
            ) from error


def _protocols(files: Any) -> Iterator[str]:
    """The names of a file system and of those it stands on."""
    while files is not None:
        yield from [files.protocol] if isinstance(files.protocol, str) else files.protocol
        files = getattr(files, "fs", None)


def _parsed(content: bytes | None) -> Record | None:
    try:
        record = json.loads(content or b"")
    except ValueError:
        return None
    return record if isinstance(record, dict) else None

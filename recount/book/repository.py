"""The repository that the book is kept in, where it is open to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recount.book.layout import BookError

GITHUB = "https://github.com/"


@dataclass(frozen=True)
class Repository:
    """A repository that is open to all, as `_config.yml` names it."""

    url: str
    """Its address; empty where there is none yet."""
    branch: str = "main"
    hub: str = ""
    """A JupyterHub with nbgitpuller, for those who have an account there."""

    @classmethod
    def of(cls, said: Mapping[str, Any] | None) -> Repository:
        """What stands under `repository` in `_config.yml`. Raises BookError where an address is none."""
        said = said or {}
        url, hub = (str(said.get(key) or "").rstrip("/").removesuffix(".git") for key in ("url", "hub"))
        for key, address in (("url", url), ("hub", hub)):
            if address and "://" not in address:
                raise BookError(f"_config.yml, repository: {key}: found {address!r}, expected https://…")
        return cls(url, str(said.get("branch") or "main"), hub)

    @property
    def at_github(self) -> str:
        """`OWNER/NAME` at GitHub; empty elsewhere."""
        return self.url.removeprefix(GITHUB) if self.url.startswith(GITHUB) else ""

    @property
    def folder(self) -> str:
        """What a clone of it is called."""
        return self.url.rsplit("/", 1)[-1]

"""How a chapter's charts reach the page: alt text, caption and anchor from output metadata.

MyST-NB reads these from the cell, which can hold one set of them and in one language. A chart
emitted by `recount.chapter` carries its own, under `recount` in the metadata of the output, so a
cell may show several. Registered as an entry point `myst_nb.mime_renderers`.
"""

from __future__ import annotations

import dataclasses
from html import escape
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer, create_figure_context

from recount.book.layout import CHAPTERS
from recount.book.pictures import FORMATS, picture_path
from recount.words import pick

_WORD = ("下载此图", "This figure as")
IMAGES = frozenset({"image/svg+xml", "image/png", "image/jpeg"})


class ChartRenderer(MimeRenderPlugin):
    """Renders images that carry `recount` metadata as figures; leaves all else to MyST-NB."""

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """A figure node in a list, or None where the output is not one of ours."""
        about = data.output_metadata.get("recount")
        if inline or not about or data.mime_type not in IMAGES:
            return None
        if not about.get("alt"):
            renderer.logger.warning(
                "a chart has no alt text: give one in its `recount` metadata",
                subtype="alt",
                line=data.line,
            )
        return figure(renderer, data, about)


def figure(renderer: NbElementRenderer, data: MimeData, about: dict[str, Any]) -> list[nodes.Element]:
    """The image with `alt`, in a figure with `caption` and the anchor `name`."""
    image = {"alt": about.get("alt", ""), "classes": "dark-light"}
    settings = {**data.cell_metadata, "mystnb": {"image": image}}
    options = {
        "name": about.get("name"),
        "caption": about.get("caption"),
        "classes": "recount-figure",
    }
    holder = nodes.Element()
    with (
        renderer.renderer.current_node_context(holder),
        create_figure_context(renderer.renderer, options, data.line or 0),
    ):
        chart = dataclasses.replace(data, cell_metadata=settings)
        renderer.renderer.current_node.extend(renderer.render_image(chart))
    _offer_files(renderer, holder, str(about.get("name") or ""))
    return list(holder.children)


def _offer_files(renderer: NbElementRenderer, holder: nodes.Element, name: str) -> None:
    """Put links to the chart's files under its caption, where the page is one of the book's.

    The renderer is there for any MyST-NB book; the files are, where this package's extension is.
    """
    env = getattr(renderer.renderer, "sphinx_env", None)
    lang = getattr(getattr(env, "config", None), "recount_lang", None)
    shown = next(iter(holder.findall(nodes.figure)), None)
    if env is None or lang is None or shown is None or not name:
        return
    up, chapter = "../" * env.docname.count("/"), env.docname.removeprefix(f"{CHAPTERS}/")
    links = " ".join(
        f'<a href="{escape(up + picture_path(chapter, name, suffix))}">{suffix.upper()}</a>'
        for suffix in FORMATS
    )
    word = pick(_WORD, lang)
    html = f'<p class="recount-files">{word} {links}</p>'
    shown += nodes.legend("", nodes.raw("", html, format="html"))

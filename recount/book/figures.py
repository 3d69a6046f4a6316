"""How a chapter's charts reach the page: alt text, caption and anchor from output metadata.

MyST-NB reads these from the cell, which can hold one set of them and in one language. A chart
emitted by `recount.chapter` carries its own, under `recount` in the metadata of the output, so a
cell may show several. Registered as an entry point `myst_nb.mime_renderers`.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer, create_figure_context

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
    return list(holder.children)

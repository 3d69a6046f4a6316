"""Interface strings that Sphinx and the theme leave in English in a Chinese book."""

from __future__ import annotations

from sphinx.locale import translators

CHINESE = {
    "sphinx": {
        "Announcement": "公告",
        "Back to top": "回到页首",
        "Breadcrumb": "导航路径",
        "Collapse Sidebar": "收起侧栏",
        "Color mode": "明暗模式",
        "Copyright %(copyright)s": "版权所有 %(copyright)s",
        "Expand Sidebar": "展开侧栏",
        "Link to this code": "此代码的链接",
        "Link to this equation": "此公式的链接",
        "Link to this heading": "此标题的链接",
        "Link to this image": "此图的链接",
        "Link to this table": "此表的链接",
        "Link to this term": "此术语的链接",
        "On this page": "本页目录",
        "Search this book": "搜索本书",
        "Section Navigation": "章节导航",
        "Show Source": "查看源文件",
        "Site navigation": "全书导航",
        "Skip to main content": "跳到正文",
        "System Settings": "跟随系统",
        "© Copyright %(copyright)s.": "版权所有 © %(copyright)s。",
    },
    "booktheme": {
        "Print to PDF": "打印成 PDF",
        "Toggle navigation": "显示或隐藏导航栏",
    },
}
"""By message catalog, what the Chinese catalogs lack or have in traditional characters."""

CHINESE_MARKUP = {
    'title="Toggle primary sidebar"': 'title="显示或隐藏侧栏"',
    'title="Toggle secondary sidebar"': 'title="显示或隐藏本页目录"',
    'aria-label="Toggle hidden content"': 'aria-label="显示或隐藏代码"',
    'aria-label="Main"': 'aria-label="全书目录"',
}
"""Strings that the theme and MyST-NB write into pages without asking for a translation."""


def add_translations(lang: str) -> None:
    """Put the missing strings of a language into the catalogs that Sphinx has loaded."""
    if lang != "zh":
        return
    for catalog, strings in CHINESE.items():
        translator = translators.get(("general", catalog))
        known = getattr(translator, "_catalog", None)
        if known is not None:
            known.update(strings)


def translate_markup(html: str, lang: str) -> str:
    """A page with the strings nobody translates put into its language."""
    if lang == "zh":
        for english, chinese in CHINESE_MARKUP.items():
            html = html.replace(english, chinese)
    return html

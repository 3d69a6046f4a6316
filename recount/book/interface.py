"""Words of the pages' frame in Chinese, where Sphinx and the theme have none or others."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations

from sphinx.application import Sphinx
from sphinx.config import Config
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
        "Main": "全书目录",
        "On this page": "本页目录",
        "Search this book": "搜索本书",
        "Section Navigation": "章节导航",
        "Show Source": "查看源文件",
        "Site navigation": "全书导航",
        "Skip to main content": "跳到正文",
        "System Settings": "跟随系统",
        "Toggle primary sidebar": "显示或隐藏侧栏",
        "Toggle secondary sidebar": "显示或隐藏本页目录",
        "© Copyright %(copyright)s.": "版权所有 © %(copyright)s。",
    },
    "booktheme": {
        "Print to PDF": "打印成 PDF",
        "Toggle navigation": "显示或隐藏导航栏",
    },
}
"""By message catalog."""


class OwnWords(NullTranslations):
    """The book's words first, then those of a catalog."""

    def __init__(self, words: Mapping[str, str], catalog: NullTranslations):
        super().__init__()
        self.words = words
        self.add_fallback(catalog)

    def gettext(self, message: str) -> str:
        """The message in Chinese."""
        return self.words.get(message) or super().gettext(message)


def add_translations(app: Sphinx, config: Config) -> None:
    """Put the book's words before those of the catalogs that Sphinx has loaded."""
    if config.recount_lang != "zh":
        return
    for catalog, words in CHINESE.items():
        key = ("general", catalog)
        translators[key] = OwnWords(words, translators.get(key, NullTranslations()))
    app.translator = translators["general", "sphinx"]

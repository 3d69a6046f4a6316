/* The page's tools: menus that close, code that is copied, search that shows and marks what it found. */
(() => {
  "use strict";

  const zh = document.documentElement.lang.startsWith("zh");
  const words = zh
    ? { copy: "复制", copied: "已复制", failed: "无法复制" }
    : { copy: "Copy", copied: "Copied", failed: "Not copied" };

  /* An open menu is closed by Escape and by whatever is done elsewhere. */
  const closeMenus = (but) => {
    for (const menu of document.querySelectorAll("details.page-menu[open]")) {
      if (menu !== but) menu.open = false;
    }
  };
  for (const event of ["click", "focusin"]) {
    document.addEventListener(event, ({ target }) => closeMenus(target.closest?.("details.page-menu")));
  }
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.page-menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* Where a sidebar was opened over the page, its button has the focus again when it is closed. */
  const giveBackFocus = () => {
    for (const which of ["primary", "secondary"]) {
      document.getElementById(`pst-${which}-sidebar-modal`)?.addEventListener("close", () => setTimeout(() => {
        if (document.activeElement === document.body) document.querySelector(`.${which}-toggle`).focus();
      }));
    }
  };

  /* The clipboard is closed to pages that came by an open connection; there a selection is copied. */
  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("not copied");
  };

  const addCopyButton = (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "recount-copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      try {
        await copy(block.querySelector("pre").textContent.trimEnd());
        button.textContent = words.copied;
      } catch {
        button.textContent = words.failed;
      }
      button.setAttribute("aria-live", "polite");
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    block.append(button);
  };

  /* Sphinx marks on a page what was searched for; its scripts are fetched only then. */
  const markFound = () => {
    let found = null;
    try { found = localStorage.getItem("sphinx_highlight_terms"); } catch { /* kept out of storage */ }
    if (!found && !new URLSearchParams(location.search).has("highlight")) return;
    if (document.getElementById("search-results")) return;
    const root = `${document.documentElement.dataset.content_root}_static/`;
    const names = ["doctools.js", ...(zh ? ["translations.js"] : []), "sphinx_highlight.js"];
    for (const name of names) {
      const script = document.createElement("script");
      script.src = root + name;
      script.async = false;
      document.head.append(script);
    }
  };

  /* Excerpts of what was found are taken from the article, prose before code, and show the longest part
     of the query that stands there. Sphinx would begin with the page's own table of contents, and take
     any character of a Chinese word for the word. */
  const showArticles = () => {
    if (typeof Search !== "object") return;
    const idle = "script, style, .headerlink, .permalink, .report, .toctree-wrapper, .recount-controls, "
      + ".recount-unseen, .recount-files, details.hide > summary";
    const words = (elements) => elements.map((e) => e.textContent).join(" ").replace(/\s+/g, " ").trim();
    const [before, length] = zh ? [50, 150] : [100, 260];
    Search.htmlToText = (html, anchor) => {
      const article = new DOMParser().parseFromString(html, "text/html").querySelector("article.bd-article");
      if (!article) return "";
      const part = (anchor && article.querySelector(`[id="${anchor.slice(1)}"]`)) || article;
      part.querySelectorAll(idle).forEach((element) => element.remove());
      const code = [...part.querySelectorAll(".cell_input")];
      code.forEach((element) => element.remove());
      return words([part, ...code]);
    };
    Search.makeSearchSummary = (html, keywords, anchor) => {
      const text = Search.htmlToText(html, anchor);
      if (!text) return null;
      const asked = new URLSearchParams(location.search).get("q").trim();
      const sought = [asked, ...[...keywords].sort((a, b) => b.length - a.length)];
      const places = sought.map((word) => text.toLowerCase().indexOf(word.toLowerCase()));
      const from = Math.max((places.find((place) => place >= 0) ?? 0) - before, 0);
      const excerpt = document.createElement("p");
      excerpt.className = "context";
      const shown = text.slice(from, from + length).trim();
      excerpt.textContent = `${from ? "…" : ""}${shown}${from + length < text.length ? "…" : ""}`;
      return excerpt;
    };
  };

  const begin = () => {
    showArticles();
    document.querySelectorAll("div.highlight:has(> pre)").forEach(addCopyButton);
    giveBackFocus();
    markFound();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();

/* What pages of the book do beyond showing: search from disk, the Chinese font,
   wide tables in reach of the keyboard. */
(() => {
  "use strict";

  /* From disk a page may not read other pages, so search shows its results without excerpts. */
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  /* see the style sheet */
  document.fonts.addEventListener("loadingdone", (event) => {
    if (event.fontfaces.some((face) => face.family.includes("Recount SC"))) {
      document.documentElement.classList.add("recount-font-ready");
    }
  });

  const name = document.documentElement.lang.startsWith("zh") ? "可横向滚动的表格" : "Table, scrolls sideways";
  const formula = document.documentElement.lang.startsWith("zh") ? "可横向滚动的公式" : "Formula, scrolls sideways";

  /* A box that scrolls must be reachable by keyboard; one that does not must not be a stop. */
  const reachable = (box) => {
    if (box.scrollWidth <= box.clientWidth + 1) {
      ["tabindex", "role", "aria-label"].forEach((attribute) => box.removeAttribute(attribute));
      return;
    }
    const caption = box.querySelector("caption");
    box.setAttribute("tabindex", "0");
    /* a group and no region: a page has many, and landmarks would be lost among them */
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", caption ? caption.textContent.trim() : box.matches(".math") ? formula : name);
  };

  /* The first page of the site leads a returning reader to the edition read last. */
  const edition = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  try { localStorage.setItem("recount-edition", edition); } catch { /* kept out of storage */ }

  /* The switch leads to the same place: what stands at the top of the window has its address in
     both editions, or what stands next above it. */
  const page = location.pathname.split("/").pop().replace(/\.html$/, "");
  const place = () => {
    const shared = document.querySelectorAll(
      `.bd-article :is(tr[id], figure[id], span[id^="${page}-"], section[id^="${page}-"])`);
    const above = [...shared].filter((element) => element.getBoundingClientRect().top < 120);
    return window.scrollY > 200 && above.length ? `#${above.at(-1).id}` : "";
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.edition-switch");
    if (link) link.hash = place();
  });

  /* A statistic's address is copied where the browser allows it, and gone to in any case. */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a.permalink");
    if (!link || !navigator.clipboard) return;
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return;
    }
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "recount-copied";
    said.textContent = edition === "zh" ? "地址已复制" : "address copied";
    link.after(said);
    setTimeout(() => said.remove(), 2500);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const boxes = [...document.querySelectorAll(".recount-scroll, .output.text_html, div.math")];
    const check = () => boxes.forEach(reachable);
    check();
    window.addEventListener("resize", check);
    /* text behind a summary changes widths when it is opened */
    document.addEventListener("toggle", check, true);
  });
})();

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

  /* A box that scrolls must be reachable by keyboard; one that does not must not be a stop. */
  const reachable = (box) => {
    if (box.scrollWidth <= box.clientWidth + 1) {
      ["tabindex", "role", "aria-label"].forEach((attribute) => box.removeAttribute(attribute));
      return;
    }
    const caption = box.querySelector("caption");
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", caption ? caption.textContent.trim() : name);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const boxes = [...document.querySelectorAll(".recount-scroll, .output.text_html")];
    const check = () => boxes.forEach(reachable);
    check();
    window.addEventListener("resize", check);
    /* text behind a summary changes widths when it is opened */
    document.addEventListener("toggle", check, true);
  });
})();

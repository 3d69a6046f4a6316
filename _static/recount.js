/* Tables a reader can sort and filter, and keep in reach of the keyboard. No library.
 *
 * table.recount.sortable    each header cell becomes a button; a cell's data-value, or else its
 *                           text, is what is compared. th.unsorted is left alone.
 * table.recount.filterable  gets a search field and, where rows carry data-verdict, a choice of
 *                           verdicts.
 */
(() => {
  "use strict";

  /* From disk a page may not read other pages, so search shows its results without excerpts. */
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  const chinese = document.documentElement.lang.startsWith("zh");
  const words = chinese
    ? { find: "筛选", verdict: "结论", all: "全部", table: "可横向滚动的表格", shown: (n, all) => `显示 ${n} / ${all} 行` }
    : { find: "Filter", verdict: "Verdict", all: "All", table: "Table, scrolls sideways", shown: (n, all) => `${n} of ${all} rows shown` };

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
  };

  const compare = (a, b) => {
    const [x, y] = [Number(a), Number(b)];
    const numbers = a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y);
    if (numbers) return x - y;
    if (a === "" || b === "") return (a === "") - (b === "");
    return a.localeCompare(b, document.documentElement.lang, { numeric: true });
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      if (head.classList.contains("unsorted")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = [...body.rows];
        rows.sort((a, b) => (up ? 1 : -1) * compare(value(a, column), value(b, column)));
        body.append(...rows);
      });
    });
  };

  const labelled = (text, control) => {
    const label = document.createElement("label");
    label.append(text, control);
    return label;
  };

  const filterable = (table) => {
    const rows = [...table.tBodies[0].rows];
    const bar = document.createElement("div");
    bar.className = "recount-filter";
    const field = document.createElement("input");
    field.type = "search";
    const choice = document.createElement("select");
    const shown = document.createElement("output");
    bar.append(labelled(words.find, field));
    const verdicts = new Map();
    rows.forEach((row) => {
      const badge = row.querySelector(".verdict");
      if (row.dataset.verdict) verdicts.set(row.dataset.verdict, badge ? badge.textContent.trim() : row.dataset.verdict);
    });
    if (verdicts.size) {
      choice.append(new Option(words.all, ""));
      verdicts.forEach((name, key) => choice.append(new Option(name, key)));
      bar.append(labelled(words.verdict, choice));
    }
    bar.append(shown);
    const update = () => {
      const wanted = field.value.trim().toLowerCase();
      let count = 0;
      rows.forEach((row) => {
        const text = `${row.id} ${row.textContent}`.toLowerCase();
        const keep = text.includes(wanted) && (!choice.value || row.dataset.verdict === choice.value);
        row.hidden = !keep;
        count += keep;
      });
      shown.textContent = words.shown(count, rows.length);
    };
    field.addEventListener("input", update);
    choice.addEventListener("change", update);
    update();
    const box = table.closest(".output.text_html") ?? table;
    box.before(bar);
  };

  const reachable = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (!scrolls) {
      ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
      return;
    }
    const caption = box.querySelector("caption");
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", caption ? caption.textContent.trim() : words.table);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table.recount.sortable").forEach(sortable);
    document.querySelectorAll("table.recount.filterable").forEach(filterable);
    const boxes = [...document.querySelectorAll(".output.text_html")].filter((box) => box.querySelector("table"));
    const check = () => boxes.forEach(reachable);
    check();
    window.addEventListener("resize", check);
  });
})();

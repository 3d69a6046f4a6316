// Sorting and filtering of the ledger: a table that is whole without this script.
(() => {
  const box = document.currentScript.closest(".recount-ledger") || document.querySelector(".recount-ledger");
  if (!box) return;
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const status = box.querySelector("[role=status]");
  const words = box.querySelector("input[type=search]");
  const choices = [...box.querySelectorAll("select")];

  /* how many rows are shown and how they are sorted, for those who do not see it */
  let shown = "", order = "";
  const tell = () => { status.textContent = shown + order; };

  const show = () => {
    const sought = words.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = choices.every((choice) => !choice.value || row.dataset[choice.name] === choice.value);
      const found = !sought || row.textContent.toLowerCase().includes(sought) || row.id.includes(sought);
      row.hidden = !(fits && found);
      count += row.hidden ? 0 : 1;
    }
    shown = status.dataset.words.replace("{shown}", count).replace("{all}", rows.length);
    tell();
  };

  const sort = (button) => {
    const head = button.closest("th");
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    order = status.dataset[down ? "descending" : "ascending"].replace("{by}", button.textContent);
    tell();
    const place = head.cellIndex;
    const key = (row) => row.cells[place].dataset.sort || row.cells[place].textContent;
    const compare = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true }).compare;
    const ordered = [...rows].sort((a, b) => (down ? -1 : 1) * compare(key(a), key(b)));
    body.append(...ordered);
  };

  box.querySelector(".recount-controls").hidden = false;
  words.addEventListener("input", show);
  for (const choice of choices) choice.addEventListener("change", show);
  for (const head of table.tHead.querySelectorAll("th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(button));
  }
  show();
})();

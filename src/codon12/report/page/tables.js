"use strict";
// Long tables: a filter over their rows, and headings that sort within each group of rows.
(() => {
  const { make, button } = page;
  const LONG = 15;
  const FILTERED = 30;
  const order = (text) => {
    const number = /-?\d+(?:\.\d+)?/.exec(text.replace(/−/g, "-").replace(/(\d),(?=\d{3})/g, "$1"));
    return /^[\d−<>+-]/.test(text) && number ? [0, Number(number[0]), text] : [text ? 1 : 2, 0, text];
  };
  const compare = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2].localeCompare(b[2]);
  const sorted = (groups, column, way) => {
    for (const group of groups) {
      const rows = [...group.rows];
      if (way) rows.sort((a, b) => way * compare(order(a.cells[column].textContent.trim()), order(b.cells[column].textContent.trim())));
      group.after.after(...rows);
    }
  };
  for (const table of document.querySelectorAll("main table.numbers, main table.plain")) {
    const body = table.tBodies[0];
    const rows = body ? [...body.rows] : [];
    if (rows.length < LONG) continue;
    const line = table.tHead.rows[table.tHead.rows.length - 1];
    // Rows that belong together are sorted together; what is indented below a row stays below it.
    const start = make("tr", null, null);
    start.hidden = true;
    body.prepend(start);
    const groups = [{ after: start, rows: [] }];
    const depth = (row) => Number((/indent(\d)/.exec(row.cells[0].className) || [0, 0])[1]);
    const nested = rows.some((row, i) => i && !row.classList.contains("heading") && !rows[i - 1].classList.contains("heading") && depth(row) > depth(rows[i - 1]));
    for (const row of rows) {
      if (row.classList.contains("heading")) groups.push({ after: row, rows: [] });
      else groups[groups.length - 1].rows.push(row);
    }
    const long = groups.some((g) => g.rows.length >= 5);
    if (!nested && long) {
      [...line.cells].forEach((head, column) => {
        const words = head.textContent.trim();
        if (!words) return;
        let way = 0;
        const sort = button("↕", head, () => {
          way = way === 0 ? -1 : way === -1 ? 1 : 0;
          for (const other of line.cells) other.removeAttribute("aria-sort");
          if (way) head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
          sort.textContent = way === 0 ? "↕" : way === 1 ? "↑" : "↓";
          sorted(groups, column, way);
        }, "sort");
        sort.setAttribute("aria-label", `Sort by ${words}`);
      });
    }
    if (rows.length < FILTERED) continue;
    const box = make("input", null, null, "filter");
    box.type = "search";
    box.placeholder = "Filter rows";
    box.setAttribute("aria-label", `Filter the rows of ${table.caption ? table.caption.textContent.trim() : "this table"}`);
    const told = make("span", null, null, "told");
    told.setAttribute("role", "status");
    const bar = make("div", null, null, "tools");
    bar.append(box, told);
    table.closest(".wide").before(bar);
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      let kept = 0;
      for (const group of groups) {
        const all = group.after.textContent.toLowerCase().includes(wanted);
        let here = 0;
        for (const row of group.rows) {
          row.hidden = !(all || row.textContent.toLowerCase().includes(wanted));
          here += !row.hidden;
        }
        if (group.after !== start) group.after.hidden = !here;
        kept += here;
      }
      told.textContent = wanted ? `${kept} of ${rows.filter((r) => !r.classList.contains("heading")).length} rows` : "";
    });
  }
})();

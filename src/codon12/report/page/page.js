"use strict";
// Tooltips, and the list of patients and source rows behind a number. The page reads in full without this script.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tip = document.getElementById("tip");
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  const closer = document.getElementById("close");
  let chosen = null;

  const make = (tag, text, parent, name) => {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    if (name) node.className = name;
    if (parent) parent.append(node);
    return node;
  };
  const cut = (text) => (text.length > 60 ? text.slice(0, 59) + "…" : text);

  const show = (text, x, y) => {
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.setProperty("left", Math.max(4, Math.min(x + 12, innerWidth - box.width - 8)) + "px");
    tip.style.setProperty("top", (y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 16) + "px");
  };
  const hint = (ids) => {
    const [label, , method, population, n, N] = data.numbers[ids[0]];
    const count = n === null ? "" : N === null ? ` · n = ${n}` : ` · ${n} of ${N}`;
    return `${label}${count}${population ? " · " + population : ""}\n${method || ""}`;
  };
  document.addEventListener("mousemove", (event) => {
    const mark = event.target.closest(".sheet path[aria-label]");
    if (mark) {
      show(mark.getAttribute("aria-label"), event.clientX, event.clientY);
      return;
    }
    const number = event.target.closest(".n.live");
    if (number) show(hint(number.dataset.n.split(" ")), event.clientX, event.clientY);
    else tip.hidden = true;
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches(".n.live:focus-visible")) return;
    const box = event.target.getBoundingClientRect();
    show(hint(event.target.dataset.n.split(" ")), box.left, box.bottom - 12);
  });
  document.addEventListener("focusout", () => {
    tip.hidden = true;
  });

  const rowsTable = (frame, rows) => {
    const [who, file, at] = data.rows[frame] || [[], [], []];
    const known = rows.filter((i) => file[i] !== null && at[i] !== null);
    if (!known.length) return;
    make("h3", `Source rows (${known.length})`, body);
    const table = make("table", null, body, "plain");
    const head = make("tr", null, make("thead", null, table));
    for (const name of ["Patient", "File", "Row"]) make("th", name, head).scope = "col";
    const lines = make("tbody", null, table);
    for (const i of known.slice(0, 500)) {
      const line = make("tr", null, lines);
      make("td", cut(data.subjects[who[i]] ?? ""), line);
      make("td", file[i], line);
      make("td", at[i], line);
    }
    if (known.length > 500) make("p", `and ${known.length - 500} more`, body);
  };
  const open = (node) => {
    if (chosen) chosen.classList.remove("chosen");
    chosen = node;
    node.classList.add("chosen");
    body.replaceChildren();
    for (const id of node.dataset.n.split(" ")) {
      const number = data.numbers[id];
      if (!number) continue;
      const [label, text, method, population, n, N, frame, where, who, rows] = number;
      const title = make("h2", label, body);
      if (title === body.firstChild) title.id = "panel-title";
      make("p", text, body, "value");
      const list = make("dl", null, body);
      const pair = (name, value, code) => {
        if (value === null || value === "") return;
        make("dt", name, list);
        make(code ? "code" : "span", value, make("dd", null, list));
      };
      pair("Number", id, true);
      pair("Counted", n === null ? "" : N === null ? `${n}` : `${n} of ${N}`);
      pair("In", population);
      pair("Method", method);
      pair("Frame", frame, true);
      pair("Where", where, true);
      pair("Trace", `codon12 trace STUDY ${id}`, true);
      if (who.length) {
        make("h3", `Patients (${who.length})`, body);
        const names = make("ol", null, body, "subjects");
        for (const i of who) make("li", cut(data.subjects[i]), names);
      }
      if (rows) rowsTable(frame, rows);
    }
    panel.hidden = false;
    tip.hidden = true;
    panel.scrollTop = 0;
    closer.focus();
  };
  const close = () => {
    panel.hidden = true;
    if (chosen) {
      chosen.classList.remove("chosen");
      chosen.focus();
      chosen = null;
    }
  };
  panel.setAttribute("aria-modal", "true");
  panel.setAttribute("aria-labelledby", "panel-title");
  body.tabIndex = 0; // a long list is scrolled with the keys
  // The numbers of a table are one stop of Tab; the arrow keys go from one to the next.
  const groups = new Set();
  for (const node of document.querySelectorAll(".n[data-n]")) {
    if (!node.dataset.n.split(" ").every((id) => data.numbers[id])) continue;
    const group = node.closest("table, .cards, .flow");
    node.classList.add("live");
    node.tabIndex = groups.has(group) ? -1 : 0;
    node.setAttribute("role", "button");
    node.setAttribute("aria-haspopup", "dialog");
    groups.add(group);
  }
  const beside = (node, key) => {
    const all = [...node.closest("table, .cards, .flow").querySelectorAll(".n.live")];
    const at = all.indexOf(node);
    if (key === "Home") return all[0];
    if (key === "End") return all[all.length - 1];
    const cell = node.closest("td");
    if (!cell || key === "ArrowLeft" || key === "ArrowRight") {
      return all[at + (key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1)];
    }
    const order = key === "ArrowUp" ? all.slice(0, at).reverse() : all.slice(at + 1);
    return order.find((other) => other.closest("td").cellIndex === cell.cellIndex);
  };
  const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
  // A table that fits has nothing to scroll and is no stop of Tab.
  const scrolls = () => {
    for (const node of document.querySelectorAll(".wide[tabindex]")) {
      node.tabIndex = node.scrollWidth > node.clientWidth + 1 ? 0 : -1;
    }
  };
  addEventListener("resize", scrolls);
  scrolls();
  document.addEventListener("click", (event) => {
    const node = event.target.closest(".n.live");
    if (node) open(node);
    else if (!panel.hidden && !panel.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
    else if (event.key === "Escape") tip.hidden = true;
    else if (event.key === "Tab" && !panel.hidden) {
      event.preventDefault(); // Tab stays in the dialog
      (document.activeElement === closer ? body : closer).focus();
    } else if (keys.includes(event.key) && event.target.classList.contains("live")) {
      event.preventDefault();
      const next = beside(event.target, event.key);
      if (!next) return;
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
    else if ((event.key === "Enter" || event.key === " ") && event.target.classList.contains("live")) {
      event.preventDefault();
      open(event.target);
    }
  });
  closer.addEventListener("click", close);
})();

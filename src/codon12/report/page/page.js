"use strict";
// Tooltips, and the list of patients and source rows behind a number. The page reads in full without this script.
// The files beside this one are read after it, as one script; what they share hangs on `page`.
const page = {};
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tip = document.getElementById("tip");
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  const closer = document.getElementById("close");
  let chosen = null;
  let trail = []; // what the dialog showed before, last first

  const make = (tag, text, parent, name) => {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    if (name) node.className = name;
    if (parent) parent.append(node);
    return node;
  };
  const button = (text, parent, act, name) => {
    const node = make("button", text, parent, name);
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  };
  const cut = (text) => (text.length > 60 ? text.slice(0, 59) + "…" : text);
  const lines = (heads, rows, parent) => {
    const table = make("table", null, parent, "plain");
    const head = make("tr", null, make("thead", null, table));
    for (const name of heads) make("th", name, head).scope = "col";
    const inside = make("tbody", null, table);
    for (const cells of rows) {
      const line = make("tr", null, inside);
      for (const cell of cells) {
        if (cell instanceof Node) make("td", null, line).append(cell);
        else make("td", cell, line);
      }
    }
    return table;
  };

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
    const node = event.target;
    if (!node.matches(".live:focus-visible")) return;
    const box = node.getBoundingClientRect();
    show(node.matches(".n") ? hint(node.dataset.n.split(" ")) : node.getAttribute("aria-label"), box.left, box.bottom - 12);
  });
  document.addEventListener("focusout", () => {
    tip.hidden = true;
  });

  // A patient in a list: a button where there is a page of that patient.
  const patient = (i) => {
    const name = cut(data.subjects[i] ?? "");
    return page.patient && page.patient.known(i) ? button(name, null, () => enter(() => page.patient.fill(i)), "link") : document.createTextNode(name);
  };
  const rowsTable = (frame, rows) => {
    const [who, file, at] = data.rows[frame] || [[], [], []];
    const known = rows.filter((i) => file[i] !== null && at[i] !== null);
    if (!known.length) return;
    make("h3", `Source rows (${known.length})`, body);
    lines(["Patient", "File", "Row"], known.slice(0, 500).map((i) => [cut(data.subjects[who[i]] ?? ""), file[i], at[i]]), body);
    if (known.length > 500) make("p", `and ${known.length - 500} more`, body);
  };
  // Times to event say of each patient how long, and whether with the event or why without.
  const timesTable = (frame, rows) => {
    const [who, , , months, event, why] = data.rows[frame] || [];
    if (!months || !rows) return false;
    const known = rows.filter((i) => months[i] !== null);
    const events = known.filter((i) => event[i]);
    known.sort((a, b) => months[a] - months[b] || event[b] - event[a]);
    make("h3", `Patients (${known.length}), ${events.length} with the event ●`, body);
    const told = known.map((i) => [patient(who[i]), months[i].toFixed(1), (event[i] ? "● " : "○ ") + (why[i] ?? (event[i] ? "event" : "censored"))]);
    lines(["Patient", "Months", "Event ● or censored ○"], told, body).classList.add("times");
    return true;
  };
  const fill = (ids) => {
    for (const id of ids) {
      const number = data.numbers[id];
      if (!number) continue;
      const [label, text, method, population, n, N, frame, where, who, rows] = number;
      make("h2", label, body);
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
      if (who.length && !timesTable(frame, rows)) {
        make("h3", `Patients (${who.length})`, body);
        const names = make("ol", null, body, "subjects");
        for (const i of who) make("li", null, names).append(patient(i));
      }
      if (rows) rowsTable(frame, rows);
    }
  };
  const draw = () => {
    body.replaceChildren();
    panel.classList.remove("broad");
    if (trail.length > 1) button("← Back", body, () => { trail.pop(); draw(); }, "link");
    trail[trail.length - 1]();
    const title = body.querySelector("h2");
    if (title) title.id = "panel-title";
    panel.hidden = false;
    tip.hidden = true;
    panel.scrollTop = 0;
    closer.focus();
  };
  const enter = (act) => {
    trail.push(act);
    draw();
  };
  const open = (node, act) => {
    if (chosen) chosen.classList.remove("chosen");
    chosen = node;
    node.classList.add("chosen");
    trail = [];
    enter(act);
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

  // The live things of a table, a flow or a figure are one stop of Tab; the arrow keys go from one to the next.
  const GROUP = "table, .cards, .flow, .sheet";
  const acts = new Map();
  const groups = new Set();
  const enliven = (node, act) => {
    const group = node.closest(GROUP);
    node.classList.add("live");
    node.setAttribute("tabindex", groups.has(group) ? "-1" : "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-haspopup", "dialog");
    groups.add(group);
    acts.set(node, act);
  };
  for (const node of document.querySelectorAll(".n[data-n]")) {
    const ids = node.dataset.n.split(" ");
    if (node.textContent.trim() && ids.every((id) => data.numbers[id])) enliven(node, () => fill(ids));
  }
  const beside = (node, key) => {
    const all = [...node.closest(GROUP).querySelectorAll(".live")].filter((other) => other.getClientRects().length);
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
    const node = event.target.closest(".live");
    if (node && acts.has(node)) open(node, acts.get(node));
    else if (!panel.hidden && !panel.contains(event.target) && event.target.isConnected) close();
  });
  document.addEventListener("keydown", (event) => {
    const live = event.target.classList && event.target.classList.contains("live");
    if (event.key === "Escape" && !panel.hidden) close();
    else if (event.key === "Escape") tip.hidden = true;
    else if (event.key === "Tab" && !panel.hidden) {
      event.preventDefault(); // Tab stays in the dialog
      const stops = [closer, body, ...body.querySelectorAll("button, a[href]")];
      const at = stops.indexOf(document.activeElement);
      stops[(at + (event.shiftKey ? stops.length - (at < 0 ? 0 : 1) : 1)) % stops.length].focus();
    } else if (keys.includes(event.key) && live) {
      event.preventDefault();
      const next = beside(event.target, event.key);
      if (!next) return;
      event.target.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else if ((event.key === "Enter" || event.key === " ") && live) {
      event.preventDefault();
      open(event.target, acts.get(event.target));
    }
  });
  closer.addEventListener("click", close);
  // A figure wider than the screen is scrolled by the keyboard too.
  const reach = () => {
    for (const sheet of document.querySelectorAll("figure > .sheet:not([role])")) {
      if (sheet.scrollWidth > sheet.clientWidth) sheet.setAttribute("tabindex", "0");
      else sheet.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);
  // What is folded is unfolded on paper.
  addEventListener("beforeprint", () => {
    for (const node of document.querySelectorAll("details.fold:not([open])")) node.open = true;
  });
  Object.assign(page, { data, make, button, lines, cut, enliven, enter, open, fill, body, panel });
})();

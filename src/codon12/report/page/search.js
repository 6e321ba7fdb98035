"use strict";
// A search over headings, numbers and their ids, patients and findings.
(() => {
  const { data, make, cut } = page;
  const MOST = 30;
  const place = document.querySelector("nav .brand");
  if (!place) return;
  const box = make("input", null, null, "search");
  box.type = "search";
  box.placeholder = "Search";
  box.setAttribute("aria-label", "Search numbers, ids, patients and findings");
  const found = make("ul", null, null, "found");
  found.setAttribute("role", "list");
  found.hidden = true;
  const told = make("p", null, null, "told");
  told.setAttribute("role", "status");
  place.after(box, told, found);

  const nodes = new Map();
  for (const node of document.querySelectorAll("main .n.live")) {
    for (const id of node.dataset.n.split(" ")) if (!nodes.has(id)) nodes.set(id, node);
  }
  const entries = [];
  for (const head of document.querySelectorAll("main h2, main h3, main figcaption > b, main table.numbers caption")) {
    entries.push({ text: head.textContent.replace(/\s+/g, " ").trim(), node: head });
  }
  for (const [id, number] of Object.entries(data.numbers)) {
    if (!nodes.has(id)) continue;
    const where = nodes.get(id).closest("article");
    const title = where ? where.querySelector("h3").textContent : "";
    entries.push({ text: `${title ? title + ": " : ""}${number[0]}${number[3] ? ", " + number[3] : ""} ${number[1]}`, code: id, node: nodes.get(id) });
  }
  if (page.patient) {
    data.subjects.forEach((name, i) => {
      if (page.patient.known(i)) entries.push({ text: `Patient ${cut(name)}`, full: name, patient: i });
    });
  }
  for (const row of document.querySelectorAll("#findings tbody tr, #accounting tbody tr")) {
    if (row.cells.length) entries.push({ text: [...row.cells].map((c) => c.textContent).join(" · ").slice(0, 200), node: row });
  }
  for (const entry of entries) entry.low = `${entry.text} ${entry.code || ""} ${entry.full || ""}`.toLowerCase();

  const go = (entry, from) => {
    if (entry.patient !== undefined) {
      page.open(from, () => page.patient.fill(entry.patient));
      return;
    }
    const { node } = entry;
    node.scrollIntoView({ block: "center" });
    if (!node.classList.contains("live")) node.setAttribute("tabindex", "-1");
    node.focus({ preventScroll: true });
  };
  const search = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    found.hidden = !words.length;
    if (!words.length) {
      told.textContent = "";
      return;
    }
    const hits = entries.filter((e) => words.every((w) => e.low.includes(w)));
    hits.sort((a, b) => a.text.length - b.text.length); // the plainest first
    told.textContent = hits.length > MOST ? `${MOST} of ${hits.length} shown` : `${hits.length} found`;
    for (const entry of hits.slice(0, MOST)) {
      const hit = page.button(entry.text, make("li", null, found), () => go(entry, hit), "link");
      if (entry.code) make("code", entry.code, hit);
    }
  };
  box.addEventListener("input", search);
  const step = (event) => {
    const stops = [box, ...found.querySelectorAll("button")];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Escape") {
      box.value = "";
      search();
      box.focus();
    } else if (event.key === "Enter" && document.activeElement === box && stops[1]) stops[1].click();
    else if (event.key === "ArrowDown" && stops[at + 1]) stops[at + 1].focus();
    else if (event.key === "ArrowUp" && at > 0) stops[at - 1].focus();
    else return;
    event.preventDefault();
  };
  box.addEventListener("keydown", step);
  found.addEventListener("keydown", step);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, textarea, select")) {
      event.preventDefault();
      box.focus();
    }
  });
})();

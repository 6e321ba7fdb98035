"use strict";
// Search over the headings and the text of all pages: every word must be there; headings come before text.
(() => {
  const field = document.getElementById("search");
  const found = document.getElementById("found");
  const chapters = document.getElementById("chapters");
  const up = document.body.dataset.up;
  const parts = window.MANUAL.map(([page, link, heading, text]) => ({ page, link, heading, head: heading.toLowerCase(), all: `${page} ${heading} ${text}`.toLowerCase() }));
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = words.join(" ");
    const hits = words.length ? parts.filter((p) => words.every((w) => p.all.includes(w))) : [];
    const rank = (p) => (p.head === wanted ? 0 : p.head.startsWith(wanted) ? 1 : p.head.includes(wanted) ? 2 : 3);
    hits.sort((a, b) => rank(a) - rank(b));
    found.replaceChildren(...hits.slice(0, 40).map((hit) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      link.href = up + hit.link;
      link.textContent = hit.heading;
      const where = link.appendChild(document.createElement("small"));
      where.textContent = hit.page;
      return item;
    }));
    if (words.length && !hits.length) { found.append(Object.assign(document.createElement("li"), { textContent: "Nothing has these words." })); }
    found.hidden = !words.length;
    chapters.hidden = words.length > 0;
  };
  field.addEventListener("input", show);
  // what is wider than the page scrolls with the arrow keys too
  for (const wide of document.querySelectorAll("main pre, main table")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape" && document.activeElement === field) { field.value = ""; show(); }
  });
})();

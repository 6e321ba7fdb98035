"use strict";
// One patient in time, and the marks of figures that lead there: bars, lanes, dots; a curve leads to its median.
(() => {
  const { data, make, lines, cut, body, panel } = page;
  const held = data.patients;
  const SVG = "http://www.w3.org/2000/svg";
  const draw = (tag, parent, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  };
  const SPAN = 0;
  const SUM = 2;
  const own = (columns, i) => {
    const out = [];
    for (let at = 0; at < columns[0].length; at++) if (columns[0][at] === i) out.push(columns.map((c) => c[at]));
    return out;
  };
  const word = (i) => (i === null ? "" : held.words[i]);
  const months = (day) => (day / held.month).toFixed(1);

  // Lanes of spans and points on one line of time, the sums of lesions as curves above them.
  const timeline = (rows, name) => {
    const days = rows.flatMap((r) => [r[3], r[4] ?? r[3]]);
    const [first, last] = [Math.min(0, ...days), Math.max(30, ...days)];
    const lanes = [...new Set(rows.filter((r) => r[2] !== SUM).map((r) => word(r[1])))];
    const sums = rows.filter((r) => r[2] === SUM);
    const [left, width, line, tall] = [210, 760, 22, sums.length ? 130 : 0];
    const x = (day) => left + ((day - first) / (last - first)) * (width - left - 20);
    const height = tall + line * lanes.length + 46;
    const svg = draw("svg", make("div", null, body, "sheet"), { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Timeline of ${name}` });
    if (sums.length) {
      const most = Math.max(...sums.map((r) => r[5]), 1);
      const y = (value) => 14 + (1 - value / most) * (tall - 30);
      draw("text", svg, { x: left - 10, y: 20, class: "lane" }, `Sum of target lesions (0–${most.toFixed(0)} mm)`);
      draw("line", svg, { x1: left, x2: width - 20, y1: y(0), y2: y(0), class: "grid" });
      [...new Set(sums.map((r) => r[1]))].forEach((reader, k) => {
        const points = sums.filter((r) => r[1] === reader).sort((a, b) => a[3] - b[3]);
        draw("polyline", svg, { points: points.map((r) => `${x(r[3])},${y(r[5])}`).join(" "), class: `sum sum${k % 3}` });
        for (const r of points) {
          const dot = draw("circle", svg, { cx: x(r[3]), cy: y(r[5]), r: 3, class: `dot sum${k % 3}` });
          draw("title", dot, {}, `${word(reader)}: ${r[5]} mm at ${months(r[3])} months`);
        }
        draw("text", svg, { x: left - 10, y: 38 + 16 * k, class: `lane name${k % 3}` }, word(reader) || "Sum");
      });
    }
    lanes.forEach((lane, k) => {
      const y = tall + line * (k + 0.5) + 6;
      draw("text", svg, { x: left - 10, y: y + 4, class: "lane" }, cut(lane).slice(0, 34));
      draw("line", svg, { x1: left, x2: width - 20, y1: y, y2: y, class: "grid" });
      const here = rows.filter((r) => r[2] !== SUM && word(r[1]) === lane);
      here.forEach((r, at) => {
        const says = `${word(r[6])}, ${months(r[3])} months`;
        if (r[2] === SPAN) {
          const wide = Math.max(3, x(r[4] ?? r[3]) - x(r[3]));
          const bar = draw("rect", svg, { x: x(r[3]), y: y - 6, width: wide, height: 12, class: `span grade${r[5] ?? 0}` });
          draw("title", bar, {}, says);
          return;
        }
        const dot = draw("path", svg, { d: `M${x(r[3])} ${y - 5}l5 5l-5 5l-5 -5z`, class: "point" });
        draw("title", dot, {}, says);
        const next = here[at + 1];
        const room = (next ? x(next[3]) : width - 20) - x(r[3]);
        if (room > 9 + 6 * word(r[6]).length) draw("text", svg, { x: x(r[3]) + 8, y: y + 4 }, word(r[6]));
        else if (!next) draw("text", svg, { x: x(r[3]) - 8, y: y + 4, class: "lane" }, at ? "" : word(r[6]));
      });
    });
    const foot = tall + line * lanes.length + 10;
    draw("line", svg, { x1: left, x2: width - 20, y1: foot, y2: foot, class: "axis" });
    const step = [1, 2, 3, 6, 12, 24, 60].find((s) => (last - first) / held.month / s < 12) ?? 120;
    for (let m = Math.ceil(first / held.month / step) * step; m * held.month <= last; m += step) {
      draw("line", svg, { x1: x(m * held.month), x2: x(m * held.month), y1: foot, y2: foot + 4, class: "axis" });
      draw("text", svg, { x: x(m * held.month), y: foot + 17, class: "tick" }, m);
    }
    draw("text", svg, { x: (left + width) / 2, y: foot + 32, class: "tick" }, "Months since time zero");
  };

  const known = (i) => Boolean(held) && i !== null && i < held.facts.lines.length;
  const fill = (i) => {
    panel.classList.add("broad");
    const name = data.subjects[i];
    make("h2", `Patient ${cut(name)}`, body);
    const rows = own(held.rows, i);
    if (rows.length) timeline(rows, cut(name));
    make("h3", "At the start and at the end", body);
    const facts = make("div", null, body, "facts");
    held.facts.heads.forEach((head, k) => {
      const value = held.facts.lines[i][k];
      if (value === null) return;
      const fact = make("p", null, facts);
      make("span", `${head} `, fact, "told");
      make("b", value, fact);
    });
    const times = own(held.times, i);
    if (times.length) {
      make("h3", "Times to event", body);
      lines(["Endpoint", "Months", "Event ● or censored ○"], times.map((r) => [word(r[1]), r[2].toFixed(1), (r[3] ? "● " : "○ ") + word(r[4])]), body);
    }
    const lesions = own(held.lesions, i);
    if (lesions.length) {
      make("h3", "Lesions, mm or state, by months since time zero", body);
      const days = [...new Set(lesions.map((r) => r[2]))].sort((a, b) => a - b);
      const of = new Map();
      for (const r of lesions) {
        if (!of.has(r[1])) of.set(r[1], days.map(() => ""));
        of.get(r[1])[days.indexOf(r[2])] = r[3] === null ? word(r[4]) : String(r[3]);
      }
      const table = lines(["Lesion", ...days.map(months)], [...of].map(([k, v]) => [word(k), ...v]), make("div", null, body, "wide"));
      table.classList.add("grid");
    }
    if (rows.length) {
      make("h3", "In order of time", body);
      const told = [...rows].sort((a, b) => a[3] - b[3]);
      lines(["Day", "What", ""], told.map((r) => [r[4] === null || r[4] === r[3] ? r[3] : `${r[3]} to ${r[4]}`, word(r[1]), r[2] === SUM ? `sum ${r[5]} mm` : word(r[6])]), body);
    }
  };
  page.patient = { known, fill };

  // Marks of figures. A label begins with the patient's name as figures print it, or with the name of a curve.
  const names = new Map();
  data.subjects.forEach((name, i) => names.set(data.shown[i] ?? name, i));
  for (const sheet of document.querySelectorAll("figure .sheet")) {
    const figure = sheet.closest("figure").id.slice("figure-".length);
    const curves = data.curves[figure] || {};
    let some = false;
    for (const mark of sheet.querySelectorAll("path[aria-label]")) {
      const label = mark.getAttribute("aria-label");
      let act = null;
      for (let at = label.indexOf(": "); at > 0 && !act; at = label.indexOf(": ", at + 1)) {
        const name = label.slice(0, at);
        if (names.has(name) && known(names.get(name))) act = () => fill(names.get(name));
        else if (Object.hasOwn(curves, name) && data.numbers[curves[name]]) act = () => page.fill([curves[name]]);
      }
      if (!act) continue;
      page.enliven(mark, act);
      some = true;
    }
    if (some) {
      sheet.classList.add("alive");
      const svg = sheet.querySelector("svg");
      svg.setAttribute("role", "group"); // a picture could hold no buttons
      for (const part of sheet.querySelectorAll("[role^=graphics]")) {
        if (part.matches("path[aria-label]")) part.setAttribute("role", "img");
        else for (const name of ["role", "aria-label", "aria-roledescription"]) part.removeAttribute(name);
      }
    }
  }
})();

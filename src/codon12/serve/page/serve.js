"use strict";
// Figures name their marks, numbers open what stands behind them, and a changed control replaces the page's main part.
// Every page is whole without this script: forms are sent by their button, and a waiting page loads itself again.
(() => {
  const byId = (id) => document.getElementById(id);
  const tip = byId("tip"), panel = byId("panel"), body = byId("panel-body");
  const base = () => byId("base") || byId("main");
  let chosen = null, asked = 0, drawing = 0;

  const show = (text, x, y) => {
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.setProperty("left", Math.max(4, Math.min(x + 12, innerWidth - box.width - 8)) + "px");
    tip.style.setProperty("top", (y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 16) + "px");
  };
  document.addEventListener("mousemove", (event) => {
    const mark = event.target.closest(".sheet path[aria-label]");
    if (mark) show(mark.getAttribute("aria-label"), event.clientX, event.clientY);
    else tip.hidden = true;
  });

  // A mark of a figure with one patient a mark leads to that patient.
  const patientOf = (mark) => {
    const figure = mark.closest("figure"), name = figure ? figure.getAttribute("aria-labelledby") || "" : "";
    const who = /waterfall|swimmer|spider/.test(name) ? /^(.+?): /.exec(mark.getAttribute("aria-label")) : null;
    return who && base().dataset.numbers ? `${base().dataset.numbers.replace("number", "patient")}?id=${encodeURIComponent(who[1])}` : null;
  };

  // Ask until the answer is there: 202 says that it is being made.
  const ask = async (url, options, each) => {
    for (;;) {
      const answer = await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status !== 202) return page;
      if (each && each(page) === false) return null;
      await new Promise((done) => setTimeout(done, 250));
    }
  };

  const enliven = () => {
    for (const node of document.querySelectorAll(".n[data-n]")) {
      if (!node.textContent.trim()) continue;
      node.classList.add("live");
      node.tabIndex = 0;
      node.setAttribute("role", "button");
      node.setAttribute("aria-controls", "panel");
    }
    for (const form of document.querySelectorAll("form.live")) {
      for (const range of form.querySelectorAll("input[type=range]")) {
        const out = form.querySelector(`output[for="${range.id}"]`);
        if (out) range.oninput = () => { out.textContent = range.value; };
      }
    }
    const waits = document.querySelector("#said");
    if (waits) wait();
    draw();
  };

  // Figures come after the numbers, those in sight first; a figure of before stands in until then.
  const figureOf = (node) => node.closest("figure").getAttribute("aria-labelledby");
  const draw = async () => {
    const mine = ++drawing, far = (node) => {
      const box = node.getBoundingClientRect();
      return box.top > innerHeight ? box.top : box.bottom < 0 ? 1e6 - box.bottom : 0;
    };
    const places = [...document.querySelectorAll(".later[data-src]")].sort((a, b) => far(a) - far(b));
    for (const place of places) {
      const answer = await fetch(place.dataset.src, { credentials: "same-origin", redirect: "error" });
      const text = await answer.text();
      if (mine !== drawing) return;
      const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      if (answer.ok && svg.localName === "svg") place.replaceWith(document.adoptNode(svg));
      else place.textContent = "This figure cannot be drawn.";
    }
  };

  const open = async (node) => {
    if (chosen) chosen.classList.remove("chosen");
    chosen = node;
    node.classList.add("chosen");
    body.replaceChildren("…");
    panel.hidden = false;
    tip.hidden = true;
    const { numbers } = base().dataset, scope = node.closest("[data-scope]");
    const query = scope ? scope.dataset.scope : base().dataset.query;
    const page = await ask(`${numbers}?id=${encodeURIComponent(node.dataset.n)}${query ? "&" + query : ""}`);
    if (chosen !== node || !page) return;
    const main = page.getElementById("main");
    const same = main && main.querySelector("#same");
    if (same) same.removeAttribute("id");
    body.replaceChildren(...(main ? main.childNodes : page.body.childNodes));
    panel.scrollTop = 0;
  };
  const close = () => {
    panel.hidden = true;
    if (chosen) {
      chosen.classList.remove("chosen");
      chosen.focus();
      chosen = null;
    }
  };

  const replace = (page) => {
    const now = byId("main"), next = page.getElementById("main");
    if (!next) return;
    for (const place of next.querySelectorAll(".later[data-src]")) {
      const before = now.querySelector(`figure[aria-labelledby="${CSS.escape(figureOf(place))}"] svg`);
      if (before) {
        const stands = before.cloneNode(true);
        stands.setAttribute("aria-hidden", "true");
        place.replaceChildren(stands);
      }
    }
    const at = document.activeElement && document.activeElement.id, y = scrollY;
    now.replaceWith(document.adoptNode(next));
    if (page.title) document.title = page.title;
    if (at && byId(at)) byId(at).focus({ preventScroll: true });
    scrollTo(0, y);
    enliven();
  };
  const send = async (form, submitter) => {
    const mine = ++asked;
    drawing += 1;
    const data = new URLSearchParams(new FormData(form, submitter || undefined));
    const get = form.method !== "post";
    for (const [key, value] of [...data]) if (get && value === "") data.delete(key, value);
    const url = get ? `${form.action.split("?")[0]}?${data}` : form.action;
    byId("main").classList.add("busy");
    const page = await ask(url, get ? {} : { method: "POST", body: data }, (waiting) => {
      if (mine !== asked) return false;
      const said = waiting.getElementById("said");
      if (said) show(said.textContent, innerWidth / 2, 60);
      return true;
    });
    if (mine !== asked || !page) return;
    tip.hidden = true;
    if (get && !page.querySelector("form.live")) return location.assign(url); // refused: back leads to what was asked
    if (get) history.replaceState(null, "", url);
    replace(page);
  };
  const wait = async () => {
    const page = await ask(location.href, {}, (waiting) => {
      const said = waiting.getElementById("said"), here = byId("said");
      if (!here) return false;
      if (said) here.textContent = said.textContent;
      return true;
    });
    if (page && byId("said")) location.reload();
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.live");
    if (form && !event.target.dataset.still) send(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.classList.contains("live")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("click", (event) => {
    const node = event.target.closest(".n.live"), mark = event.target.closest(".sheet path[aria-label]");
    if (node) open(node);
    else if (mark && patientOf(mark)) location.assign(patientOf(mark));
    else if (event.target.id === "close" || (!panel.hidden && !panel.contains(event.target))) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
    else if ((event.key === "Enter" || event.key === " ") && event.target.classList.contains("live") && event.target.dataset.n) {
      event.preventDefault();
      open(event.target).then(() => byId("close").focus());
    }
  });
  enliven();
})();

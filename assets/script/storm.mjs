// The storm board and one incident, kept up to date by server-sent events and worked on by keys.
//
//   data-storm="/storm/live?…"      the board: figures, rows and map follow every change
//   data-incident-page, data-events one incident: its parts are loaded anew when something about it changed
//
// What happens comes once for each moment. After "resync" the page is loaded anew, at a moment of its own, so that a
// hundred screens do not all ask at once. Keys are read by their place on the keyboard, so they are the same whichever
// language is typed, and never while somebody types.

const lang = document.documentElement.lang;
const number = new Intl.NumberFormat(lang === "fa" ? "fa-IR" : "en");
const ago = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const OVER = new Set(["answered", "closed", "dismissed", "merged"]);

const board = document.querySelector("[data-storm]");
if (board) follow(board);
const one = document.querySelector("[data-incident-page]");
if (one) watch(one);

function later(run, least = 300, most = 1_500) {
  let timer = 0;
  return () => {
    if (timer) return;
    timer = setTimeout(() => { timer = 0; run(); }, least + Math.random() * (most - least));
  };
}

async function anew(address = location.href) {
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

// ---- The board

function follow(board) {
  const body = board.querySelector("tbody");
  const find = (id) => body.querySelector(`[data-incident="${id}"]`);
  const said = board.querySelector("[data-board-said]");
  const state = board.querySelector("[data-live-state]");
  const pattern = board.querySelector("[data-row]").content.firstElementChild;
  const link = pattern.querySelector("a").getAttribute("href");
  const only = new URLSearchParams(location.search);
  const figure = (name) => board.querySelector(`[data-${name}]`);
  const counts = { minute: read("minute"), quarter: read("quarter"), open: read("open"), inside: read("inside") };
  const recent = [];

  function read(name) {
    const text = figure(name)?.textContent.replace(/[۰-۹]/g, (d) => "۰۱۲۳۴۵۶۷۸۹".indexOf(d)) ?? "0";
    return Number(text.replace(/\D/g, ""));
  }

  const show = (name) => { const at = figure(name); if (at) at.textContent = number.format(Math.max(0, counts[name])); };

  function put(row, line) {
    row.dataset.danger = line.danger;
    row.dataset.size = line.size;
    row.dataset.at = line.at.join(",");
    row.dataset.state = line.state;
    row.querySelector("[data-size-shown]").textContent = number.format(line.size);
    const danger = row.querySelector(".danger");
    if (danger.dataset.level !== line.level) {
      danger.dataset.level = line.level;
      danger.textContent = line.level_name;
    }
    const standing = row.querySelector("[data-state-name]");
    standing.textContent = line.state_name;
    standing.dataset.state = line.state;
    row.querySelector("[data-title]").textContent = line.title;
    row.querySelector("[data-place]").textContent = line.place;
    row.querySelector("[data-unit]").textContent = line.unit;
    const time = row.querySelector("[data-last]");
    time.textContent = ago.format(0, "second");
    const button = row.querySelector("button");
    if (button && line.state !== "proposed") button.remove();
  }

  function made(line) {
    const row = pattern.cloneNode(true);
    row.dataset.incident = line.id;
    const box = row.querySelector("input");
    box.value = line.id;
    box.id = `pick-${line.id}`;
    box.setAttribute("aria-label", line.title);
    row.querySelector("a").href = link.replace("/incidents/", line.path);
    row.querySelector("button").value = `confirm:${line.id}`;
    put(row, line);
    return row;
  }

  // Only what moved is moved, so that focus and choice stay where they are.
  function order() {
    const worth = (row) => [Number(row.dataset.danger), Number(row.dataset.size)];
    const before = (a, b) => worth(a)[0] - worth(b)[0] || worth(a)[1] - worth(b)[1];
    const rows = [...body.rows];
    for (let n = 1; n < rows.length; n++) {
      let at = n;
      while (at > 0 && before(rows[at - 1], rows[n]) < 0) at--;
      if (at === n) continue;
      const [moved] = rows.splice(n, 1);
      // Whoever works on a row is not carried away with it.
      if (moved.contains(document.activeElement)) { rows.splice(n, 0, moved); continue; }
      rows.splice(at, 0, moved);
      body.insertBefore(moved, rows[at + 1] ?? null);
    }
    emptiness();
  }

  function emptiness() {
    const some = body.rows.length > 0;
    board.querySelector("[data-empty]").hidden = some;
    for (const part of board.querySelectorAll("[data-rows], [data-decisions]")) part.hidden = !some;
  }

  const states = only.get("state") ?? "";
  function take(line) {
    const row = find(line.id);
    const was = row ? Number(row.dataset.size) : 0;
    const leaves = states ? line.state !== states : OVER.has(line.state);
    if (leaves) {
      if (row) { counts.open--; counts.inside -= was; row.remove(); }
      return;
    }
    counts.inside += line.size - was;
    if (row) put(row, line);
    else { counts.open++; body.append(made(line)); }
  }

  const fresh = later(async () => {
    const page = await anew();
    const next = page?.querySelector("[data-storm]");
    if (!next) return;
    const chosen = new Set([...body.querySelectorAll("input:checked")].map((box) => box.value));
    const focused = document.activeElement?.closest?.("tr")?.dataset.incident;
    body.replaceChildren(...next.querySelector("tbody").childNodes);
    for (const box of body.querySelectorAll("input")) box.checked = chosen.has(box.value);
    if (focused) find(focused)?.querySelector("a")?.focus();
    for (const name of Object.keys(counts)) {
      const at = figure(name);
      if (!at) continue;
      at.textContent = next.querySelector(`[data-${name}]`).textContent;
      counts[name] = read(name);
    }
    for (const part of [".storm-series", ".storm-districts"]) {
      const [old, young] = [board.querySelector(part), next.querySelector(part)];
      if (old && young) old.replaceWith(young);
    }
    emptiness();
    draw();
  });

  const line = new EventSource(board.dataset.storm);
  line.addEventListener("hello", () => { state.textContent = state.dataset.live; });
  line.addEventListener("error", () => { state.textContent = state.dataset.notLive; });
  line.addEventListener("resync", fresh);
  line.addEventListener("storm", () => location.reload());
  line.addEventListener("board", (event) => {
    const news = JSON.parse(event.data);
    for (const incident of news.incidents) take(incident);
    if (news.incidents.length) { order(); draw(); said.textContent = ""; said.textContent = said.dataset.boardSaid; }
    if (news.new) { recent.push([Date.now(), news.new]); counts.quarter += news.new; counts.minute += news.new; }
    for (const name of Object.keys(counts)) show(name);
    spark(news.points);
  });
  // What is older than a minute no longer counts as of the last one.
  setInterval(() => {
    while (recent.length && recent[0][0] < Date.now() - 60_000) counts.minute -= recent.shift()[1];
    show("minute");
  }, 2_000);
  // The drawing and the districts need the server; once a minute is enough.
  setInterval(() => { if (!document.hidden) fresh(); }, 60_000);

  // ---- The map

  const map = board.querySelector("[data-storm-map]");
  const features = () => [...body.rows].map((row) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: row.dataset.at.split(",").map(Number) },
    properties: { id: row.dataset.incident, size: Number(row.dataset.size), high: Number(row.dataset.danger) >= 60 ? 1 : 0 },
  }));
  let points = [];

  function draw() {
    const inner = map?.map;
    if (!inner?.isStyleLoaded?.()) return;
    const data = { type: "FeatureCollection", features: features() };
    const source = inner.getSource("incidents");
    if (source) { source.setData(data); return; }
    inner.addSource("incidents", { type: "geojson", data });
    inner.addSource("new", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const colour = (name) => map.colour(name);
    inner.addLayer({ id: "new", type: "circle", source: "new", paint: { "circle-radius": 5, "circle-color": colour("zaferan") } });
    inner.addLayer({
      id: "incidents", type: "circle", source: "incidents",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "size"]], 1, 9, 10, 18, 60, 40],
        "circle-color": ["case", ["==", ["get", "high"], 1], colour("anar"), colour("lajevard")],
        "circle-opacity": 0.75, "circle-stroke-width": 2, "circle-stroke-color": colour("surface"),
      },
    });
    inner.addLayer({
      id: "incident-sizes", type: "symbol", source: "incidents",
      layout: { "text-field": ["number-format", ["get", "size"], { locale: lang }], "text-font": ["Vazirmatn"], "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": colour("surface") },
    });
    inner.on("click", "incidents", (event) => {
      const row = find(event.features[0].properties.id);
      row?.querySelector("a").focus();
      row?.scrollIntoView({ block: "nearest" });
    });
  }

  // A new request shows for a few seconds.
  function spark(at) {
    const now = Date.now();
    points = [...points.filter(([when]) => when > now - 5_000), ...at.map((point) => [now, point])].slice(-100);
    map?.map?.getSource?.("new")?.setData({
      type: "FeatureCollection",
      features: points.map(([, point]) => ({ type: "Feature", geometry: { type: "Point", coordinates: point }, properties: {} })),
    });
  }

  const ready = setInterval(() => {
    if (map?.map?.isStyleLoaded?.()) {
      clearInterval(ready);
      map.map.on("styledata", draw);
      draw();
    }
  }, 500);

  keys(board, body);
}

// ---- Keys

function keys(board, body) {
  const form = board.querySelector("[data-board]");
  const here = () => document.activeElement?.closest?.("tr[data-incident]");
  const go = (row) => row?.querySelector("a")?.focus();
  const press = (what) => {
    const chosen = body.querySelectorAll("input:checked").length;
    const row = here();
    if (!chosen && !(row && what !== "merge")) return;
    const button = document.createElement("button");
    button.name = "do";
    button.value = chosen ? what : `${what}:${row.dataset.incident}`;
    button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at.matches("select, textarea") || (at.matches("input") && at.type !== "checkbox")) return;
    const row = here();
    const rows = [...body.rows];
    const act = {
      ArrowDown: () => go(row ? rows[rows.indexOf(row) + 1] : rows[0]),
      ArrowUp: () => go(row ? rows[rows.indexOf(row) - 1] : rows.at(-1)),
      Space: () => { const box = row.querySelector("input"); box.checked = !box.checked; },
      KeyC: () => press("confirm"),
      KeyM: () => press("merge"),
      Delete: () => press("dismiss"),
    }[event.code];
    if (!act || (event.code === "Space" && (!row || at.matches("input, button")))) return;
    event.preventDefault();
    act();
  });
}

// ---- One incident

function watch(one) {
  const id = one.dataset.incidentPage;
  const fresh = later(async () => {
    // Nobody's half-made choice is taken away.
    if (one.querySelector("input[type=checkbox]:checked")) return;
    const page = await anew();
    if (!page) return;
    const parts = page.querySelectorAll("[data-live-part]");
    one.querySelectorAll("[data-live-part]").forEach((part, n) => {
      if (parts[n] && !part.contains(document.activeElement)) part.replaceWith(parts[n]);
    });
  });
  const line = new EventSource(one.dataset.events);
  line.addEventListener("resync", fresh);
  line.addEventListener("board", (event) => {
    if (JSON.parse(event.data).incidents.some((incident) => incident.id === id)) fresh();
  });
}

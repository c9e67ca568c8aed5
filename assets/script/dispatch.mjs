// The dispatcher's board, kept up to date by server-sent events, worked on by keys and by dragging.
//
//   data-dispatch="/dispatch/live?…"        the board: where crews are comes at once, all else is read anew
//   data-dispatch-order="/dispatch/live?…"  one order: its parts are read anew when something changed
//
// Orders are rows of the list and bars on the lines of time ([data-order]); what may be dragged has data-grip. While an
// order is held over a crew, the engine's opinion of it is shown; letting go sends the same form as the button does.

const board = document.querySelector("[data-dispatch]");
if (board) follow(board);
const one = document.querySelector("[data-dispatch-order]");
if (one) watch(one);

function later(run, least = 300, most = 1_200) {
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
  const state = board.querySelector("[data-live-state]");
  const said = board.querySelector("[data-board-said]");
  const part = (name, from = board) => from.querySelector(`[data-part="${name}"]`);
  const lanes = () => part("lanes").querySelectorAll("[data-crew]");
  const lane = (id) => part("lanes").querySelector(`[data-crew="${id}"]`);
  const dialog = board.querySelector("[data-choose-crew]");
  let isDragging = false;

  // Now stands near the beginning of what is seen.
  const scroller = part("lanes").querySelector("[data-scroll-to]");
  if (scroller) scroller.scrollLeft = 0;

  const fresh = later(async () => {
    if (isDragging || dialog.open) return fresh();
    const page = await anew();
    const next = page?.querySelector("[data-dispatch]");
    if (!next) return;
    const focus = document.activeElement?.closest?.("[data-order]");
    const order = focus?.dataset.order;
    const inLanes = focus && part("lanes").contains(focus);
    const scroll = part("lanes").querySelector(".lanes");
    const at = scroll ? [scroll.scrollLeft, scroll.scrollTop] : null;
    const isOpen = part("lanes").querySelector("details")?.open;
    for (const name of ["alarms", "proposal", "figures", "lanes", "orders"]) {
      const [old, young] = [part(name), part(name, next)];
      if (old && young && old.innerHTML !== young.innerHTML) old.replaceChildren(...young.childNodes);
    }
    const again = part("lanes").querySelector(".lanes");
    if (again && at) [again.scrollLeft, again.scrollTop] = at;
    const details = part("lanes").querySelector("details");
    if (details && isOpen) details.open = true;
    if (order) {
      const found = part(inLanes ? "lanes" : "orders").querySelector(`[data-order="${CSS.escape(order)}"]`);
      (found?.matches("a") ? found : found?.querySelector("a"))?.focus();
    }
    said.textContent = "";
    said.textContent = said.dataset.boardSaid;
    draw();
  });

  const line = new EventSource(board.dataset.dispatch);
  line.addEventListener("hello", () => { state.textContent = state.dataset.live; });
  line.addEventListener("error", () => { state.textContent = state.dataset.notLive; });
  line.addEventListener("resync", fresh);
  line.addEventListener("board", fresh);
  line.addEventListener("crews", (event) => {
    for (const crew of JSON.parse(event.data)) {
      const at = lane(crew.id);
      if (!at) continue;
      at.dataset.at = crew.at.join(",");
      const standing = at.querySelector("[data-status-name]");
      if (at.dataset.status !== crew.status) {
        at.dataset.status = standing.dataset.status = crew.status;
        standing.textContent = crew.status_name;
        fresh();
      }
      if (crew.when) at.dataset.when = crew.when;
    }
    draw();
  });
  // Clocks go on although nothing happens.
  setInterval(() => { if (!document.hidden) fresh(); }, 60_000);

  // ---- The map

  const map = board.querySelector("[data-dispatch-map]");
  const feature = (at, properties) => ({
    type: "Feature", geometry: { type: "Point", coordinates: at.split(",").map(Number) }, properties,
  });
  const crews = () => [...lanes()].map((lane) => feature(lane.dataset.at, { id: lane.dataset.crew, name: lane.dataset.name }));
  const orders = () => [...part("orders").querySelectorAll("[data-at]")].map((row) => feature(row.dataset.at, {
    order: row.dataset.order ?? row.dataset.code, high: row.dataset.urgency === "immediate" ? 1 : 0, open: row.dataset.order ? 1 : 0,
  }));

  function draw() {
    const inner = map?.map;
    if (!inner?.isStyleLoaded?.()) return;
    const all = { crews: crews(), orders: orders() };
    for (const [name, features] of Object.entries(all)) {
      const data = { type: "FeatureCollection", features };
      const source = inner.getSource(`dispatch-${name}`);
      if (source) source.setData(data);
      else inner.addSource(`dispatch-${name}`, { type: "geojson", data });
    }
    if (inner.getLayer("dispatch-orders")) return;
    const colour = (name) => map.colour(name);
    inner.addLayer({
      id: "dispatch-orders", type: "circle", source: "dispatch-orders",
      paint: {
        "circle-radius": ["case", ["==", ["get", "open"], 1], 8, 5],
        "circle-color": ["case", ["==", ["get", "high"], 1], colour("anar"), colour("zaferan-mark")],
        "circle-opacity": ["case", ["==", ["get", "open"], 1], 0.9, 0.45],
        "circle-stroke-width": 2, "circle-stroke-color": colour("surface"),
      },
    });
    inner.addLayer({
      id: "dispatch-crews", type: "circle", source: "dispatch-crews",
      paint: { "circle-radius": 7, "circle-color": colour("firouzeh"), "circle-stroke-width": 3, "circle-stroke-color": colour("surface") },
    });
    inner.addLayer({
      id: "dispatch-crew-names", type: "symbol", source: "dispatch-crews",
      layout: { "text-field": ["get", "name"], "text-font": ["Vazirmatn"], "text-size": 12, "text-offset": [0, 1.3], "text-optional": true },
      paint: { "text-color": colour("ink"), "text-halo-color": colour("surface"), "text-halo-width": 1.5 },
    });
    inner.on("click", "dispatch-crews", (event) => {
      const row = lane(event.features[0].properties.id);
      row?.scrollIntoView({ block: "nearest" });
      row?.querySelector("a")?.focus();
    });
    inner.on("click", "dispatch-orders", (event) => {
      const { order } = event.features[0].properties;
      const found = board.querySelector(`a[data-order="${CSS.escape(order)}"], tr[data-order="${CSS.escape(order)}"] a`);
      found?.scrollIntoView({ block: "nearest" });
      found?.focus();
    });
  }

  const ready = setInterval(() => {
    if (map?.map?.isStyleLoaded?.()) {
      clearInterval(ready);
      map.map.on("styledata", draw);
      draw();
    }
  }, 500);

  // ---- Who goes: the list of crews in a box

  const crewsOf = (order, crew = "") => `${board.dataset.orderPath}${encodeURIComponent(order)}/crews${crew ? `?crew=${crew}` : ""}`;

  async function choose(order) {
    const page = await anew(crewsOf(order));
    const found = page?.querySelector("[data-candidates]");
    if (!found) return;
    for (const [name, value] of [["back", "board"], ["district", board.dataset.district]]) {
      const field = found.querySelector(`[name=${name}]`);
      if (field) field.value = value;
    }
    dialog.querySelector("[data-choices]").replaceChildren(found);
    dialog.showModal();
    found.querySelector("button, summary")?.focus();
  }

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  board.addEventListener("click", (event) => {
    const link = event.target.closest("[data-choose]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.closest("[data-order]").dataset.order);
  });

  // ---- Keys, read by their place on the keyboard

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.matches?.("input, select, textarea")) return;
    const here = document.activeElement?.closest?.("[data-order]");
    const stops = [...part("lanes").querySelectorAll("a[data-order]")];
    const rows = [...part("orders").querySelectorAll("tr[data-order]")];
    const list = here?.matches("a") ? stops : rows;
    const go = (step) => {
      const next = here ? list[list.indexOf(here) + step] : list[0];
      (next?.matches("a") ? next : next?.querySelector("a"))?.focus();
    };
    // Along a line of time the arrow of the reading direction goes on.
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const act = {
      ArrowDown: () => go(1), ArrowUp: () => go(-1),
      ...(here?.matches("a") ? { [forward]: () => go(1), [back]: () => go(-1) } : {}),
      KeyA: () => { if (here) choose(here.dataset.order); },
      KeyR: () => board.querySelector("[data-replan]")?.click(),
    }[event.code];
    if (!act || (event.code === "KeyA" && !here)) return;
    // The arrows scroll unless somebody is among orders.
    if (event.code.startsWith("Arrow") && !here) return;
    event.preventDefault();
    act();
  });

  // ---- Dragging, by mouse and pen; a finger scrolls and uses the buttons

  const opinion = board.querySelector("[data-drag-opinion]");
  const known = new Map();

  async function think(order, crew) {
    const key = `${order} ${crew}`;
    if (!known.has(key)) known.set(key, anew(crewsOf(order, crew)));
    const found = (await known.get(key))?.querySelector("[data-candidates]");
    const candidate = found?.querySelector(".candidate > div");
    return {
      text: (candidate ?? found)?.textContent.replace(/\s+/g, " ").trim() ?? "",
      version: found?.querySelector("[name=version]")?.value,
      isCostly: Boolean(found?.querySelector("[data-costly]")) || !candidate,
    };
  }

  board.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0 || event.pointerType === "touch") return;
    const carried = grip.closest("[data-order]");
    const from = [event.clientX, event.clientY];
    let over = null;
    let thought = null;

    const move = (moved) => {
      if (!isDragging) {
        if (Math.hypot(moved.clientX - from[0], moved.clientY - from[1]) < 8) return;
        isDragging = true;
        carried.setAttribute("data-dragged", "");
        known.clear();
      }
      moved.preventDefault();
      const lane = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("[data-crew]") ?? null;
      if (lane === over) return;
      over?.removeAttribute("data-over");
      over = lane;
      thought = null;
      opinion.hidden = !lane;
      if (!lane) return;
      lane.setAttribute("data-over", "");
      opinion.textContent = `${lane.dataset.name}: ${opinion.dataset.wait}`;
      opinion.removeAttribute("data-costly");
      think(carried.dataset.order, lane.dataset.crew).then((found) => {
        if (over !== lane) return;
        thought = found;
        opinion.textContent = found.text;
        opinion.toggleAttribute("data-costly", found.isCostly);
      });
    };
    const stop = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", drop);
      document.removeEventListener("pointercancel", stop);
      document.removeEventListener("keydown", escape, true);
      over?.removeAttribute("data-over");
      carried.removeAttribute("data-dragged");
      opinion.hidden = true;
      // The click that follows letting go opens nothing.
      if (isDragging) {
        const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
        document.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => document.removeEventListener("click", swallow, true), 50);
      }
      isDragging = false;
    };
    const drop = () => {
      const [crew, order, version] = [over?.dataset.crew, carried.dataset.order, thought?.version ?? carried.dataset.version];
      const isMeant = isDragging && crew;
      stop();
      if (isMeant) send({ do: "assign", order, crew, version });
    };
    const escape = (key) => { if (key.key === "Escape") stop(); };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", stop);
    document.addEventListener("keydown", escape, true);
  });
  // The browser's own dragging of links would come between.
  board.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-grip]")) event.preventDefault(); });

  function send(fields) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = board.dataset.send;
    for (const [name, value] of Object.entries({ ...fields, back: "board", district: board.dataset.district })) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    board.append(form);
    form.submit();
  }
}

// ---- One order

function watch(one) {
  const fresh = later(async () => {
    const parts = (await anew())?.querySelectorAll("[data-live-part]");
    if (!parts) return;
    one.querySelectorAll("[data-live-part]").forEach((part, n) => {
      // Nobody's half-written words are taken away.
      if (parts[n] && !part.contains(document.activeElement)) part.replaceWith(parts[n]);
    });
  });
  const line = new EventSource(one.dataset.dispatchOrder);
  line.addEventListener("board", fresh);
  line.addEventListener("resync", fresh);
}

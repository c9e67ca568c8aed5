// What script adds to the operator's desk: fragments while somebody types, list boxes, keys, and calls that appear
// by themselves. Every word comes from the server; what is typed is kept there with its call and never here.

import { listen } from "./desk-keys.mjs";

const desk = document.getElementById("desk");
const form = document.getElementById("desk-form");
const said = document.getElementById("said");
const at = (id) => document.getElementById(id);
const number = new Intl.NumberFormat(document.documentElement.lang, { minimumIntegerDigits: 2, useGrouping: false });

desk.classList.add("scripted");
for (const hidden of desk.querySelectorAll("[data-act=help]")) hidden.hidden = false;

// ---- Talking to the server

/** An address of the desk with more behind its question mark. */
function address(base, more = {}) {
  const url = new URL(base, location.href);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url;
}

/** Sends the form as it stands to one of the small questions. */
function ask(base, signal, more = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  return fetch(base, { method: "POST", body, signal, headers: { accept: "application/json, text/html" } });
}

/** Runs `work` once things are quiet; a newer question ends an older one. */
function soon(millis, work) {
  let timer, going;
  return (now = false) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      going?.abort();
      going = new AbortController();
      work(going.signal).catch((error) => { if (error.name !== "AbortError") console.debug(error); });
    }, now ? 0 : millis);
  };
}

/** Tells people who do not see the screen, once for each new sentence. */
function say(words) {
  if (words && said.textContent !== words) said.textContent = words;
}

/** Puts a fragment in its place, unless it is there already, and says what it has to say. */
function place(id, html) {
  const box = at(id);
  if (!box || box.fragment === html) return false;
  box.fragment = html;
  box.innerHTML = html;
  showKeys(box);
  say(box.querySelector("[data-said]")?.dataset.said);
  return true;
}

// ---- What follows from what was typed

const look = soon(180, async (signal) => {
  const answer = await ask(desk.dataset.look, signal);
  if (!answer.ok) return;
  const now = await answer.json();
  place("suggestions", now.suggestions);
  place("near", now.near);
  place("readback", now.readback);
  // Questions stay as they are while somebody answers them.
  if (at("questions").dataset.service !== now.service) {
    at("questions").dataset.service = now.service;
    place("questions", now.questions);
    place("triage", now.triage);
  }
  arrived?.();
  arrived = null;
});

// Whoever chose a service is led on: to the first question that must be answered, or to the place.
let arrived = null;
function leadOn() {
  const owed = [...at("questions").querySelectorAll("[data-owed]")].find((box) => !box.querySelector("input:checked") && !box.querySelector("input:not([type]), select")?.value);
  (owed?.querySelector("input, select") ?? at("place")).focus();
}

const keep = soon(700, async (signal) => {
  const answer = await ask(desk.dataset.draft, signal).catch(() => null);
  const note = at("kept");
  note.textContent = answer?.ok ? desk.dataset.kept : desk.dataset.notKept;
  note.classList.toggle("over", !answer?.ok);
  if (!answer?.ok) return void setTimeout(keep, 3000);
  const { call } = await answer.json();
  if (call && at("call").value !== call) {
    at("call").value = call;
    history.replaceState(null, "", address(desk.dataset.url, { call }));
    desk.dataset.state = "call";
  }
});

/** The last word before a page goes: it is kept even while the page is torn down. */
function keepNow() {
  if (!form || form.dataset.sent || !dirty) return;
  const body = new URLSearchParams(new FormData(form));
  fetch(desk.dataset.draft, { method: "POST", body, keepalive: true }).catch(() => {});
}

let dirty = false;
const isDirty = () => dirty || ["words", "service", "place", "detail"].some((id) => at(id)?.value.trim());

const who = soon(350, async (signal) => {
  const value = at("caller")?.value ?? at("mobile").value;
  const answer = await ask(desk.dataset.caller, signal, { caller: value });
  if (answer.ok) known(await answer.text());
});

function known(html) {
  if (!place("history", html)) return;
  const name = at("history").querySelector("[data-name]")?.dataset.name;
  if (name && !at("name").value) at("name").value = name;
}

if (form) {
  form.addEventListener("input", (event) => {
    dirty = true;
    if (event.target.id === "caller") return who();
    if (event.target.id === "mobile" && !at("caller")) who();
    if (event.target.closest("[role=combobox]")) return;
    look(event.target.type === "checkbox" || event.target.type === "radio");
    keep();
  });
  // Enter in a field moves on; only the keys and buttons for it register anything.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.target.id === "caller") return;
    if (event.target.matches("input:not([type=checkbox], [type=radio])")) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
  addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepNow(); });
  desk.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-service][data-name]");
    if (chip) chooseService(chip.dataset.service, chip.dataset.name);
    const door = event.target.closest("[data-door]");
    if (door) openEndings(door.dataset.door);
    if (event.target.closest("a[data-leave], a[data-take]")) keepNow();
  });
  for (const id of ["lat", "long"]) at(id).addEventListener("input", () => { if (!settling) at("division").value = ""; });
}

// ---- List boxes: the combobox pattern of the ARIA practices, with lines made by the server

function combo(input, { first = () => "", choose, clear, next }) {
  const list = at(`${input.id}-list`);
  const base = input.closest("[data-combo]").dataset.combo;
  Object.assign(input, { hidden: false, role: "combobox", ariaExpanded: "false", ariaAutoComplete: "list", autocomplete: "off" });
  input.setAttribute("aria-controls", list.id);
  let active = null;
  const lines = () => [...list.querySelectorAll("[role=option]")];
  const mark = (line) => {
    active?.setAttribute("aria-selected", "false");
    active = line ?? null;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const open = (is) => {
    list.hidden = !is;
    input.ariaExpanded = String(is);
    if (!is) mark(null);
  };
  const fill = soon(40, async (signal) => {
    const q = input.chosen === input.value ? "" : input.value;
    const answer = await fetch(address(base, { q, words: at("words").value.slice(0, 600) }), { signal });
    if (!answer.ok || document.activeElement !== input) return;
    list.innerHTML = (q ? "" : first()) + (await answer.text());
    // An empty field with nothing to offer shows no empty list.
    open(q !== "" || lines().length > 0);
    mark(lines()[0]);
    if (!list.hidden) say((lines()[0] ?? list).textContent);
  });
  const pick = (line) => {
    if (!line) return;
    choose(line.dataset, input);
    open(false);
    next?.().focus();
  };
  input.addEventListener("focus", () => { input.select(); fill(true); });
  input.addEventListener("input", () => { input.chosen = undefined; clear(); dirty = true; fill(); });
  input.addEventListener("blur", () => setTimeout(() => open(false), 150));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const all = lines(), here = all.indexOf(active);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1 + (here < 1 ? all.length : 0), PageDown: all.length - 1, PageUp: 0 }[event.key];
    if (to !== undefined && !(event.altKey && !list.hidden)) {
      event.preventDefault();
      if (list.hidden) return fill(true);
      mark(all[to % all.length]);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      pick(active);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pick(event.target.closest("[role=option]"));
  });
}

function chooseService(code, name) {
  at("service").value = code;
  at("service_q").value = at("service_q").chosen = name;
  dirty = true;
  arrived = leadOn;
  look(true);
  keep();
}

let settling = false;
function choosePlace({ value, name, lat, long, division, text }) {
  const [kind, rest] = (value ?? "").split(/:(.*)/);
  settling = true;
  at("place").value = at("place").chosen = text ?? name;
  const point = lat && long ? [lat, long] : kind === "p" ? rest.split(",") : ["", ""];
  [at("lat").value, at("long").value] = point;
  setDivision(division ?? (kind === "d" ? rest : ""));
  const map = desk.querySelector("peyvand-map");
  if (point[0] && map?.map) map.put({ lat: Number(point[0]), lng: Number(point[1]) }, true);
  settling = false;
  dirty = true;
  look(true);
  keep();
}

function setDivision(id) {
  const list = at("division");
  if (id && ![...list.options].some((option) => option.value === id)) list.add(new Option(id, id));
  list.value = id;
}

function lastPlace() {
  const last = at("history").querySelector("template[data-last]")?.dataset;
  if (!last) return "";
  const line = document.createElement("li");
  Object.assign(line, { id: "place-last", role: "option", ariaSelected: "false" });
  Object.assign(line.dataset, { last: "", name: last.text, value: "last" });
  const strong = document.createElement("bdi"), small = document.createElement("small");
  strong.textContent = last.text;
  small.textContent = `${last.word} · ${last.within}`;
  line.append(strong, small);
  return line.outerHTML;
}

if (form) {
  for (const label of desk.querySelectorAll("label[data-for]")) label.htmlFor = label.dataset.for;
  combo(at("service_q"), {
    choose: (line) => chooseService(line.value, line.name),
    clear: () => { at("service").value = ""; },
  });
  at("service_q").chosen = at("service_q").value;
  combo(at("place"), {
    first: lastPlace,
    choose: (line) => choosePlace(line.value === "last" ? { ...at("history").querySelector("template[data-last]").dataset } : line),
    clear: () => { at("lat").value = at("long").value = at("division").value = ""; look(); keep(); },
    next: () => at("detail"),
  });
  at("place").chosen = at("place").value;
}

// ---- What the keys do; which keys they are stands in desk-keys.mjs

function openEndings(door) {
  const box = at("endings");
  if (!box) return;
  box.open = true;
  (box.querySelector(door ? `[data-code="${CSS.escape(door)}"]` : "button") ?? box.querySelector("button"))?.focus();
}

const acts = {
  help: () => at("help").showModal(),
  who: () => (at("caller") ?? at("mobile"))?.focus(),
  what: () => at("words")?.focus(),
  where: () => at("place")?.focus(),
  urgent: () => at("triage")?.querySelector("input")?.focus(),
  readback: () => at("readback")?.focus(),
  near: () => at("near")?.querySelector("button, a")?.focus(),
  join: () => at("near")?.querySelector("button[name=do]")?.click(),
  add: () => at("history")?.querySelector("[data-act=add]")?.click(),
  layout: () => {
    const offer = desk.querySelector("[data-act=layout]");
    if (!offer) return;
    at("words").value = offer.dataset.meant;
    at("words").focus();
    at("words").dispatchEvent(new Event("input", { bubbles: true }));
  },
  save: () => at("save")?.click(),
  end: () => openEndings(),
  incoming: () => at("incoming").querySelector("[data-take]")?.click(),
  missed: () => { const box = at("missed"); box.open = true; (box.querySelector("button") ?? box.querySelector("summary")).focus(); },
  next: () => at("next")?.click(),
};

const showKeys = listen(desk, at("help"), acts);

desk.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act=help], button[data-act=layout]");
  if (button) acts[button.dataset.act]();
});

// A list of buttons is walked with the arrows, as any list.
desk.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = event.target.closest(".endings .pop, .missed .pop, #near, #history");
  if (event.key === "Escape") {
    const open = event.target.closest("details[open]");
    if (open && open !== event.target) { open.open = false; open.querySelector("summary").focus(); }
  }
  if (!step || !list || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const all = [...list.querySelectorAll("button, a")];
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
});

// ---- The line: calls that appear, figures that move, the clock of the call

const skew = Number(desk.dataset.now) - Date.now();
function tick() {
  for (const clock of desk.querySelectorAll("[data-clock]")) {
    const seconds = Math.max(0, Math.floor((Date.now() + skew - Number(clock.dataset.from)) / 1000));
    clock.textContent = `${number.format(Math.floor(seconds / 60))}:${number.format(seconds % 60)}`;
  }
}
setInterval(tick, 1000);
tick();

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(desk.dataset.figures).catch(() => null);
  if (!answer?.ok) return;
  const now = await answer.json();
  place("figures", now.figures);
  if (!at("missed")?.open) place("missed-box", now.missed);
}
setInterval(refresh, 10_000);

function rang(call, fact) {
  const current = at("call")?.value ?? "";
  if (call === current) {
    // Only the sign changes: what is being typed is not touched.
    const state = desk.querySelector(".desk-state"), clock = state.querySelector("[data-from]");
    const over = fact === "ended" || fact === "missed";
    state.dataset.state = over ? "over" : fact === "picked-up" ? "talking" : state.dataset.state;
    state.querySelector("[data-state-word]").textContent = over ? desk.dataset.over : desk.dataset.talking;
    if (over) clock?.removeAttribute("data-clock");
    else if (clock) clock.dataset.from = Date.now() + skew;
    return;
  }
  if (fact === "ended" || fact === "missed") return at("incoming").querySelector(`[data-call="${call}"]`)?.remove();
  const url = address(desk.dataset.url, { call });
  // Nothing is being written: the call opens by itself. Otherwise it waits, and what is written stays.
  if (current === "" && !isDirty()) return location.replace(url);
  if (at("incoming").querySelector(`[data-call="${call}"]`)) return;
  const line = at("incoming-line").content.cloneNode(true).firstElementChild;
  line.dataset.call = call;
  line.querySelector("a").href = url;
  at("incoming").append(line);
  showKeys(line);
}

if (desk.dataset.seat !== "") {
  const line = new EventSource(address(desk.dataset.live, { since: desk.dataset.since }));
  line.addEventListener("call", (event) => {
    const { call, fact } = JSON.parse(event.data);
    rang(call, fact);
    refresh();
  });
  line.addEventListener("line", refresh);
  line.addEventListener("resync", () => { if (!isDirty()) location.reload(); });
  let lost;
  line.addEventListener("error", () => { lost ??= setTimeout(() => say(desk.dataset.lost), 5000); });
  line.addEventListener("open", () => { clearTimeout(lost); lost = undefined; });
  addEventListener("pagehide", () => line.close());
}

// The code is said once more to people who only hear the page.
const aloud = desk.querySelector("[data-aloud]");
if (aloud) setTimeout(() => say(aloud.textContent), 300);
// What is wrong comes first.
at("errors")?.querySelector("a") && at(at("errors").querySelector("a").hash.slice(1))?.focus();

// The crew's page with script: its forms fill a queue on the telephone, the queue is sent whenever there is network, and
// the page always says how it stands. Without network the page comes from the worker (crew-worker.js), and what waits is
// laid over what the city said last.

import { add, all, remove } from "./crew-store.mjs";
import { itemsOf, Wrong } from "./crew-forms.mjs";
import { follow } from "./crew-place.mjs";
import { send } from "./crew-sync.mjs";

const root = document.querySelector("[data-crew]");
const said = (key) => root.dataset[`say${key}`] ?? "";
const AGAIN = 20_000;
let state = "sent";
let shown = [];

function begin() {
  if ("serviceWorker" in navigator && isSecureContext) {
    navigator.serviceWorker.register(`${root.dataset.scope}/worker.js`, { scope: root.dataset.scope }).catch(() => {});
  }
  navigator.storage?.persist?.().catch(() => {});
  root.addEventListener("submit", press);
  root.querySelector("[data-send]").addEventListener("click", () => turn());
  for (const form of document.querySelectorAll("form[data-leave]")) form.addEventListener("submit", leave);
  addEventListener("online", () => turn());
  addEventListener("offline", () => { state = "offline"; show(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) turn(); });
  setInterval(() => { if (!document.hidden) turn(); }, AGAIN);
  show().then(() => turn());
}

const mine = async () => (await all()).filter((one) => one.account === root.dataset.account);
const waitingOf = (items, order) => items.filter((one) => one.state === "waiting" && one.item.order === order);

// A form that was pressed: its items are on the disk of the telephone before anything else happens.
async function press(event) {
  const form = event.target;
  if (!form.matches("form[data-act]")) return;
  event.preventDefault();
  const pressed = event.submitter;
  const wrong = form.querySelector("[data-wrong]");
  const complain = (words) => {
    if (!wrong) return;
    wrong.textContent = words;
    wrong.hidden = !words;
    if (words) wrong.scrollIntoView({ block: "center" });
  };
  complain("");
  if (pressed) pressed.disabled = true;
  try {
    const order = form.closest("[data-stop]")?.dataset.stop;
    const items = await itemsOf(form, pressed, order ? waitingOf(await mine(), order) : []);
    if (items.length > 0) await add(root.dataset.account, items);
    clean(form);
    root.querySelector("[data-said]")?.remove();
    await show();
    turn();
  } catch (error) {
    complain(error instanceof Wrong ? said(error.key[0].toUpperCase() + error.key.slice(1)) : said("Full"));
  } finally {
    if (pressed) pressed.disabled = false;
  }
}

// What was taken stands in the queue now; ticks stay as they are.
function clean(form) {
  for (const box of form.querySelectorAll("input[name=check]")) box.dataset.was = box.checked ? "yes" : "";
  for (const field of form.querySelectorAll("input[type=file], .amount input, textarea")) field.value = "";
}

// One round: send, say how it stands, and load the page anew when the city knows more than it shows.
async function turn() {
  const before = (await mine()).filter((one) => one.state === "waiting").length;
  if (before > 0) say(said("Sending"), "sending");
  const answer = await send(root);
  state = answer.state;
  if (state === "sent" && answer.stamp !== null && (before > 0 || answer.stamp !== root.dataset.stamp)) await renew();
  await show();
}

// The day as the city has it, put in the place of the old one unless somebody is in the middle of a form.
async function renew() {
  const answer = await fetch(root.dataset.page, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-crew]");
  if (!fresh) return;
  for (const name of ["stamp", "status", "shift", "consent"]) {
    if (fresh.dataset[name] === undefined) delete root.dataset[name];
    else root.dataset[name] = fresh.dataset[name];
  }
  const day = root.querySelector("[data-day]");
  const typed = new Map();
  for (const field of day.querySelectorAll("input[id], textarea[id]")) if (field.value && field.type !== "file") typed.set(field.id, field.value);
  const chosen = [...day.querySelectorAll("input[type=file]")].filter((field) => field.files.length > 0);
  const open = new Map([...day.querySelectorAll("details[id]")].map((box) => [box.id, box.open]));
  const focused = document.activeElement?.id;
  day.replaceChildren(...fresh.querySelector("[data-day]").childNodes);
  for (const box of day.querySelectorAll("details[id]")) if (open.has(box.id) && !box.classList.contains("next")) box.open = open.get(box.id);
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && !field.value) field.value = value;
  }
  // Pictures that were chosen and not sent stay chosen.
  for (const field of chosen) document.getElementById(field.id)?.replaceWith(field);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// Lays what waits over what the city said last.
async function show() {
  const kept = await all();
  const items = kept.filter((one) => one.account === root.dataset.account);
  const isLent = kept.some((one) => one.account !== root.dataset.account && one.state === "waiting");
  const waiting = items.filter((one) => one.state === "waiting");
  let status = root.dataset.status;
  let shift = root.dataset.shift;
  let consent = root.dataset.consent;
  for (const { item } of waiting) {
    if (item.kind === "shift-begin") [shift, status, consent] = ["begun", "on-duty", item.consent ? "yes" : ""];
    else if (item.kind === "shift-end") [shift, status] = ["ended", "off-duty"];
    else if (item.kind === "consent") consent = item.given ? "yes" : "";
    else if (item.kind === "status") status = item.status;
    else if (item.kind === "on-the-way" || item.kind === "on-site") status = item.kind;
    else if (item.kind === "done" || item.kind === "not-done") status = "on-duty";
  }
  const fits = (words, one) => (words === "" ? one === "" : words.split(" ").includes(one));
  for (const box of root.querySelectorAll("[data-shift-when]")) box.hidden = box.dataset.shiftWhen !== shift;
  for (const box of root.querySelectorAll("[data-crew-when]")) box.hidden = !fits(box.dataset.crewWhen, status);
  for (const box of root.querySelectorAll("[data-consent-when]")) box.hidden = box.dataset.consentWhen !== (consent ?? "");
  let next = true;
  for (const stop of root.querySelectorAll("[data-stop]")) {
    stop.dataset.was ??= stop.dataset.status;
    const waits = waitingOf(items, stop.dataset.stop);
    const steps = waits.map((one) => one.item.kind).filter((kind) => ["on-the-way", "on-site", "done", "not-done"].includes(kind));
    const now = steps.at(-1) ?? stop.dataset.was;
    if (now !== stop.dataset.status) stop.querySelector("[data-stop-status]").textContent = root.dataset[camel(`order-${now}`)] ?? "";
    stop.dataset.status = now;
    stop.querySelector("[data-stop-waits]").hidden = waits.length === 0;
    for (const box of stop.querySelectorAll("[data-when]")) box.hidden = !box.dataset.when.split(" ").includes(now);
    pictures(stop, waits);
    ticks(stop, waits);
    const over = now === "done" || now === "not-done";
    if (over && stop.classList.contains("next")) stop.open = false;
    if (!over && next && !stop.classList.contains("next")) stop.open = true;
    stop.classList.toggle("next", !over && next);
    if (!over) next = false;
  }
  queue(items, waiting, isLent);
  follow({ dataset: { ...root.dataset, shift, consent } }, {
    arrived: proposed,
    said: (words) => { const line = root.querySelector("[data-place-said]"); if (line) line.textContent = words; },
    keep: (fixes) => add(root.dataset.account, [{ kind: "positions", fixes }]),
  });
}

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

function pictures(stop, waits) {
  for (const place of stop.querySelectorAll("[data-waiting]")) {
    const blobs = waits.filter((one) => one.blob && one.item.stage === place.dataset.waiting);
    const names = blobs.map((one) => one.id).join();
    if (place.dataset.shows === names) continue;
    place.dataset.shows = names;
    for (const old of place.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    place.replaceChildren(...blobs.map((one) => Object.assign(new Image(112, 112), { src: URL.createObjectURL(one.blob), alt: root.dataset.kindPhoto })));
  }
}

function ticks(stop, waits) {
  for (const { item } of waits.filter((one) => one.item.kind === "check")) {
    const box = [...stop.querySelectorAll("input[name=check]")].find((one) => one.value === item.code);
    if (box && box.dataset.was !== (item.ticked ? "yes" : "")) {
      box.checked = item.ticked;
      box.dataset.was = item.ticked ? "yes" : "";
    }
  }
}

const number = new Intl.NumberFormat(document.documentElement.lang);

function queue(items, waiting, isLent) {
  const trouble = items.filter((one) => one.state !== "waiting");
  const parts = [];
  if (waiting.length > 0) parts.push(`${number.format(waiting.length)} ${said("Waiting")}`);
  if (trouble.length > 0) parts.push(`${number.format(trouble.length)} ${said("Trouble")}`);
  if (state === "sign-in") parts.push(said("SignIn"));
  else if (state === "offline" || !navigator.onLine) parts.push(said("Offline"));
  else if (waiting.length === 0 && trouble.length === 0) parts.push(said("AllSent"));
  if (isLent) parts.push(said("Other"));
  const mood = trouble.length > 0 || state === "sign-in" ? "trouble" : waiting.length > 0 || state === "offline" ? "waiting" : "sent";
  say(parts.join(" · "), mood);
  root.querySelector("[data-send]").hidden = waiting.length === 0 || state === "sign-in";
  root.querySelector("[data-sign-in]").hidden = state !== "sign-in";
  const box = root.querySelector("[data-troubles]");
  box.hidden = trouble.length === 0;
  const names = trouble.map((one) => one.id).join();
  if (shown !== names) {
    shown = names;
    box.querySelector("[data-trouble-list]").replaceChildren(...trouble.map(told));
  }
}

function told(one) {
  const line = document.createElement("li");
  const what = document.createElement("b");
  what.textContent = root.dataset[camel(`kind-${one.item.kind}`)] ?? one.item.kind;
  line.append(what);
  if (one.item.order) {
    const order = Object.assign(document.createElement("bdi"), { textContent: one.item.order, dir: "ltr" });
    line.append(" · ", order);
  }
  const seen = Object.assign(document.createElement("button"), { type: "button", className: "btn plain", textContent: said("Seen") });
  seen.addEventListener("click", async () => { await remove(one.id); await show(); });
  line.append(document.createElement("br"), one.words, " ", seen);
  return line;
}

function say(words, mood) {
  const box = root.querySelector("[data-queue]");
  box.hidden = false;
  box.dataset.mood = mood;
  const line = box.querySelector("[data-queue-said]");
  if (line.textContent !== words) line.textContent = words;
}

function proposed(stop) {
  const box = root.querySelector("[data-arrived]");
  if (box.dataset.stop === stop.dataset.stop && !box.hidden) return;
  box.dataset.stop = stop.dataset.stop;
  box.hidden = false;
  const button = stop.querySelector("button[value=on-site]").cloneNode(true);
  button.type = "button";
  button.addEventListener("click", () => {
    box.hidden = true;
    const own = stop.querySelector("button[value=on-site]");
    own.form.requestSubmit(own);
  });
  box.querySelector("p").replaceChildren(said("Arrived"), " ", button);
}

// Who signs out while something waits is told; it stays on the telephone.
async function leave(event) {
  const form = event.target;
  if (form.dataset.sure) return;
  event.preventDefault();
  const waits = (await mine()).some((one) => one.state === "waiting");
  if (waits && !confirm(said("Leave"))) return;
  form.dataset.sure = "yes";
  if ("caches" in window) await caches.delete("crew-page").catch(() => false);
  form.submit();
}

if (root && "indexedDB" in window) begin();

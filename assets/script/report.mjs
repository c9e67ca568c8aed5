// What script adds to the report form. Every page of it works without: the list of services is complete, the
// server counts the letters and shrinks the photos itself, and "back" keeps what was typed.

const LANGUAGE = document.documentElement.lang;
const number = new Intl.NumberFormat(LANGUAGE);
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => number.format(values[key]));
const DAY = 24 * 60 * 60 * 1000;

for (const field of document.querySelectorAll("[data-filter]")) filter(field);
for (const line of document.querySelectorAll("[data-count]")) count(line);
for (const input of document.querySelectorAll("[data-shrink]")) shrink(input);
for (const form of document.querySelectorAll("form[data-draft]")) draft(form);
for (const done of document.querySelectorAll("[data-draft-done]")) forget(done.dataset.draftDone);
for (const form of document.querySelectorAll("form[method=post]")) once(form);
for (const list of document.querySelectorAll("#services")) enter(list);

// Typing narrows the list that is already on the page to what meets most of the words. Letters are folded the way the server's search does it,
// in small: Arabic ي and ك, marks, half-spaces and any digit row are no obstacle.
function filter(field) {
  const list = document.getElementById(field.dataset.filter);
  const items = [...list.querySelectorAll("[data-words]")].map((item) => ({ item, words: fold(item.dataset.words) }));
  const groups = [...list.querySelectorAll(".group:not([data-always])")];
  const status = document.querySelector("[data-filter-said]");
  const run = () => {
    const wanted = fold(field.value).split(" ").filter(Boolean);
    const scores = items.map(({ words }) => wanted.filter((word) => meets(words, word)).length);
    const best = Math.max(...scores);
    let found = 0;
    items.forEach(({ item }, at) => {
      const fits = wanted.length === 0 || (best > 0 && scores[at] === best);
      item.hidden = !fits && item.querySelector(":checked") === null;
      if (fits) found += 1;
    });
    for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    if (status) status.textContent = wanted.length ? say(status.dataset.filterSaid, { n: found }) : "";
  };
  field.addEventListener("input", run);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("[data-words]:not([hidden]) input")?.focus();
  });
  if (field.value) run();
}

// The first button of the form is the one that searches; whoever has chosen means the one that goes on.
function enter(list) {
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "radio") return;
    event.preventDefault();
    list.closest("form").querySelector(".actions button").click();
  });
}

// "گرفته" should find "گرفتگی": the last letter of a longer word may differ.
function meets(words, word) {
  return words.includes(word) || (word.length > 4 && words.includes(word.slice(0, -1)));
}

function fold(text) {
  return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, "")
    .replace(/[يىئ]/g, "ی").replace(/ك/g, "ک").replace(/[أإآٱ]/g, "ا").replace(/[ةۀ]/g, "ه").replace(/ؤ/g, "و")
    .replace(/[\u200b-\u200f]/g, " ").replace(/\s+/g, " ").trim();
}

function count(line) {
  const field = document.getElementById(line.dataset.count);
  const most = Number(field.getAttribute("maxlength"));
  const show = () => {
    const left = most - [...field.value].length;
    line.textContent = say(line.dataset.left, { n: left });
    line.classList.toggle("over", left < 0);
  };
  field.addEventListener("input", show);
  if (field.value) show();
}

// A photo of 8 MB becomes one of about 300 kB before it leaves the phone. One that the browser cannot read
// (HEIC on most) is sent as it is; the server knows what to do with it.
function shrink(input) {
  const edge = Number(input.dataset.shrink);
  const most = Number(input.dataset.most ?? 3);
  const box = input.closest("form") ?? document;
  const previews = box.querySelector("[data-previews]");
  const status = box.querySelector("[data-upload-said]");
  input.addEventListener("change", async () => {
    const chosen = [...input.files].slice(0, most);
    const small = await Promise.all(chosen.map((file) => smaller(file, edge).catch(() => ({ file }))));
    const bag = new DataTransfer();
    for (const { file } of small) bag.items.add(file);
    input.files = bag.files;
    previews.replaceChildren(...small.map(({ canvas }) => canvas).filter(Boolean));
    const kb = Math.round(small.reduce((sum, { file }) => sum + file.size, 0) / 1000);
    status.textContent = say(input.dataset.said, { n: small.length, kb });
  });
}

async function smaller(file, edge) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const ratio = Math.min(1, edge / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * ratio);
  canvas.height = Math.round(picture.height * ratio);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  const better = blob && blob.size < file.size;
  const name = file.name.replace(/\.\w+$/, "") + ".jpg";
  return { canvas, file: better ? new File([blob], name, { type: "image/jpeg" }) : file };
}

// What was typed survives a closed tab for a day, on this device only. Contact details and files are never
// kept: a phone is often shared. What the server already filled in wins.
function draft(form) {
  const key = `draft:${form.dataset.draft}:${location.pathname}`;
  const fields = [...form.elements].filter((field) =>
    field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type) && !field.hasAttribute("data-draft-skip"));
  const isSet = (field) => (["radio", "checkbox"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  const old = read(key);
  if (old && !form.querySelector(".wrong")) {
    let restored = false;
    for (const field of fields) {
      const value = old.values[field.name];
      if (value === undefined || isSet(field)) continue;
      if (field.type === "radio") {
        if (field.value === value && !fields.some((other) => other.name === field.name && other.defaultChecked)) restored = field.checked = true;
      } else if (field.type === "checkbox") field.checked = value === true;
      else if (!field.value && value) { field.value = value; restored = true; }
    }
    const notice = form.querySelector("[data-draft-notice]");
    if (restored && notice) {
      notice.hidden = false;
      notice.querySelector("button")?.addEventListener("click", () => {
        remove(key);
        form.reset();
        notice.hidden = true;
      });
    }
    for (const field of fields) if (field.value) field.dispatchEvent(new Event("input"));
  }
  let later;
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => {
      const values = {};
      for (const field of fields) {
        if (field.type === "radio") { if (field.checked) values[field.name] = field.value; }
        else values[field.name] = field.type === "checkbox" ? field.checked : field.value;
      }
      write(key, { at: Date.now(), values });
    }, 400);
  });
}

function forget(name) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`draft:${name}:`)) localStorage.removeItem(key);
  } catch { /* no storage, nothing kept */ }
}

// A second tap on "send" while the line is slow must not send twice. (The server would notice, too.)
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => { delete form.dataset.sent; });
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.at < DAY ? kept : null;
  } catch { return null; }
}
function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } }
function remove(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } }

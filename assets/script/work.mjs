// What script adds to the lists of work and to the page of a request; all of it works without.
//
//   data-rows     rows that J and K walk through, X picks and Enter opens (by the place of the key, so that the
//                 Persian layout is no obstacle); data-keys is the switch that turns the keys off and on again
//   data-fills    a list of standard answers whose chosen words go into a field
//   data-once     a form that is not sent twice by a double tap

const rows = document.querySelector("[data-rows]");
const keys = document.querySelector("[data-keys]");
if (rows) walk(rows);
for (const list of document.querySelectorAll("[data-fills]")) fill(list);
for (const form of document.querySelectorAll("form[data-once]")) once(form);

function walk(list) {
  const NAME = "work-keys";
  const links = [...list.querySelectorAll("a[href]")];
  let on = read(NAME) !== "off";
  const show = () => {
    keys.textContent = on ? keys.dataset.on : keys.dataset.off;
    keys.setAttribute("aria-pressed", String(on));
  };
  if (keys) {
    keys.hidden = false;
    show();
    keys.addEventListener("click", () => {
      on = !on;
      write(NAME, on ? "on" : "off");
      show();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const at = links.indexOf(document.activeElement);
    const go = (to) => { links[to]?.focus(); event.preventDefault(); };
    if (event.code === "KeyJ") go(Math.min(at + 1, links.length - 1));
    else if (event.code === "KeyK") go(Math.max(at - 1, 0));
    else if (event.code === "KeyX" && at >= 0) {
      links[at].closest("li").querySelector("input[type=checkbox]")?.click();
      event.preventDefault();
    } else if (event.code === "Slash") {
      document.getElementById("work-search")?.focus();
      event.preventDefault();
    }
  });
  const said = document.querySelector("[data-picked]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const hint = said?.textContent;
  list.addEventListener("change", () => {
    const n = list.querySelectorAll("input:checked").length;
    if (said) said.textContent = n ? said.dataset.picked.replace("{n}", number.format(n)) : hint;
  });
}

function isTyping(element) {
  return element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]") != null;
}

// What was typed is never overwritten: only an empty field, or one that still holds another standard answer.
function fill(list) {
  const field = document.getElementById(list.dataset.fills);
  let filled = "";
  list.addEventListener("change", () => {
    const text = list.selectedOptions[0]?.dataset.text ?? "";
    if (!field || (field.value.trim() && field.value !== filled)) return;
    field.value = text;
    filled = text;
  });
}

function once(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });
}

function read(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function write(name, value) {
  try { localStorage.setItem(name, value); } catch { /* A browser that keeps nothing asks again next time. */ }
}

// The keys of the desk. A key is known by its place (`event.code`), so it is the same on every layout, and each can be
// changed or switched off in the help. Only that choice is kept in the browser: it says nothing about anybody.

/** Listens to the keys of `acts`, which the rows of `help` name. Returns what writes them beside their targets. */
export function listen(desk, help, acts) {
  const STORE = "desk-keys";
  const own = (() => { try { return JSON.parse(localStorage.getItem(STORE)) ?? {}; } catch { return {}; } })();
  const usual = Object.fromEntries([...desk.querySelectorAll("[data-act-row]")].map((row) => [row.dataset.actRow, row.dataset.keys]));
  const keysOf = (act) => own[act] ?? usual[act] ?? "";
  const shown = (keys) => keys.replace("Control", "Ctrl").replace(/Digit|Key|Arrow/g, "").replaceAll("+", " ");

  function pressed(event) {
    const code = event.code === "NumpadEnter" ? "Enter" : event.code.replace(/^Numpad(\d)$/, "Digit$1");
    const held = [["Control", event.ctrlKey || event.metaKey], ["Alt", event.altKey], ["Shift", event.shiftKey]];
    return [...held.filter(([, is]) => is).map(([name]) => name), code].join("+");
  }

  function show(box = desk) {
    for (const key of box.querySelectorAll("kbd[data-key]")) {
      key.textContent = shown(keysOf(key.dataset.key));
      key.hidden = key.textContent === "";
    }
  }

  let listening = null;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || ["Control", "Alt", "Shift", "Meta"].includes(event.key)) return;
    const keys = pressed(event);
    if (listening) {
      event.preventDefault();
      return listening(event.key === "Escape" ? null : keys);
    }
    // A second screen over this one has its own keys.
    if (help.open && keysOf("help") !== keys) return;
    const act = Object.keys(acts).find((name) => keysOf(name) !== "" && keysOf(name) === keys);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === "help" && help.open) help.close();
    else acts[act]();
  }, true);

  help.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) return help.close();
    if (event.target.closest("[data-reset]")) {
      for (const act of Object.keys(own)) delete own[act];
      return store();
    }
    const button = event.target.closest("[data-change]");
    if (!button) return;
    const word = button.querySelector("[data-word]"), before = word.textContent;
    word.textContent = button.dataset.press;
    listening = (keys) => {
      listening = null;
      word.textContent = before;
      // A bare letter would be in the way of typing: it needs a modifier or is a function key.
      if (keys && (/^(Control|Alt)/.test(keys) || /^F\d+$/.test(keys))) own[button.dataset.change] = keys;
      store();
    };
  });
  help.addEventListener("change", (event) => {
    const act = event.target.dataset.off;
    if (!act) return;
    if (event.target.checked) own[act] = "";
    else delete own[act];
    store();
  });
  function store() {
    try { localStorage.setItem(STORE, JSON.stringify(own)); } catch { /* full or forbidden: for this page only */ }
    show();
    for (const box of help.querySelectorAll("[data-off]")) box.checked = own[box.dataset.off] === "";
  }
  show();
  for (const box of help.querySelectorAll("[data-off]")) box.checked = own[box.dataset.off] === "";
  return show;
}

// The page's forms as items of the queue, the same that the server makes of them without script.

import { compress } from "./crew-photo.mjs";

/** Why a form cannot be taken; `key` names the words on the page. */
export class Wrong extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

/** The items of a form, in the order in which they are taken. `waits` are items of the queue about the same stop. */
export async function itemsOf(form, pressed, waits) {
  const wish = pressed?.name === "do" ? pressed.value : form.elements.do?.value;
  const stop = form.closest("[data-stop]");
  if (!stop) return shift(form, wish, pressed);
  const order = stop.dataset.stop;
  const about = (items) => items.map((item) => ({ order, ...item }));
  if (wish === "on-the-way" || wish === "on-site") return about([{ kind: wish }]);
  if (wish === "not-done") {
    const reason = new FormData(form).get("reason") ?? "";
    if (!reason) throw new Wrong("reason");
    return about([{ kind: "not-done", reason, words: form.elements.words.value }]);
  }
  const items = [...(await pictures(form)), ...ticks(form), ...amounts(form)];
  const note = form.elements.note.value.trim();
  if (note) items.push({ kind: "note", words: note });
  if (wish === "done") {
    owed(stop, form, waits, items);
    const photos = [...waits.map((one) => one.item), ...items].filter((item) => item.kind === "photo").length;
    items.push({ kind: "done", words: form.elements.words.value, photos });
  }
  return about(items);
}

function shift(form, wish, pressed) {
  if (wish === "begin") return [{ kind: "shift-begin", consent: form.elements.consent.checked }];
  if (wish === "end") return [{ kind: "shift-end", words: form.elements.words.value }];
  if (wish === "consent") return [{ kind: "consent", given: pressed?.value === "yes" }];
  return [{ kind: "status", status: wish }];
}

async function pictures(form) {
  const items = [];
  for (const stage of ["before", "after"]) {
    for (const file of form.elements[stage].files) {
      try {
        items.push({ kind: "photo", stage, blob: await compress(file) });
      } catch {
        throw new Wrong("picture");
      }
    }
  }
  return items;
}

function ticks(form) {
  return [...form.querySelectorAll("input[name=check]")]
    .filter((box) => box.checked !== (box.dataset.was === "yes"))
    .map((box) => ({ kind: "check", code: box.value, ticked: box.checked }));
}

function amounts(form) {
  const items = [];
  const read = (kind, code, field) => {
    const amount = number(field.value);
    if (amount !== null && code) items.push({ kind, code, amount });
  };
  for (const field of form.querySelectorAll("[data-material]")) read("material", field.dataset.material, field);
  if (form.elements.other) read("material", form.elements.other.value, form.elements["other-amount"]);
  for (const field of form.querySelectorAll("[data-quantity]")) read("quantity", field.dataset.quantity, field);
  return items;
}

// As people type it: Persian or Arabic digits, a comma or a Persian decimal sign.
function number(typed) {
  const plain = typed.trim()
    .replace(/[۰-۹]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹".indexOf(digit))
    .replace(/[٠-٩]/g, (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit))
    .replace(/[٫,]/g, ".");
  if (!plain) return null;
  const amount = Number(plain);
  if (!Number.isFinite(amount) || amount < 0) throw new Wrong("amount");
  return amount;
}

function owed(stop, form, waits, items) {
  const { dataset } = stop;
  const here = [...waits.map((one) => one.item), ...items];
  const has = (stage, have) => Number(have) > 0 || here.some((item) => item.kind === "photo" && item.stage === stage);
  if ([...form.querySelectorAll("[data-required]")].some((box) => !box.checked)) throw new Wrong("check");
  if (dataset.needsBefore && !has("before", dataset.haveBefore)) throw new Wrong("before");
  if (dataset.needsAfter && !has("after", dataset.haveAfter)) throw new Wrong("after");
  if (dataset.needsQuantity && !here.some((item) => item.kind === "quantity")) throw new Wrong("quantity");
}

// Sends what waits, in the order in which it was done, and hears of each item by itself. Words and steps go first,
// pictures after them one at a time: a slow line does not hold up "done". What got no answer is sent again later; the
// city knows each item by its name and takes it once.

import { all, device, remove, settle } from "./crew-store.mjs";

const AT_ONCE = 100;
let running = null;

/** Sends everything of this person. Answers `{ state, stamp }`: "sent", "offline", "sign-in", "later". */
export function send(root) {
  running ??= (navigator.locks
    ? navigator.locks.request("crew-sync", () => work(root))
    : work(root)
  ).finally(() => { running = null; });
  return running;
}

async function work(root) {
  const { account, sync, photo } = root.dataset;
  const mine = (await all()).filter((one) => one.account === account && one.state === "waiting");
  const plain = mine.filter((one) => !one.blob);
  let stamp = null;
  try {
    const name = await device();
    // One greeting goes out also when nothing waits: it brings the stamp of the stops.
    for (let from = 0; from === 0 || from < plain.length; from += AT_ONCE) {
      const handful = plain.slice(from, from + AT_ONCE);
      const answer = await post(sync, JSON.stringify({ device: name, sent_at: Date.now(), account, items: handful.map((one) => one.item) }));
      if (typeof answer === "string") return { state: answer, stamp };
      stamp = answer.stamp;
      await hear(handful, answer.items);
    }
    for (const one of mine.filter((each) => each.blob)) {
      const form = new FormData();
      form.set("device", name);
      form.set("sent_at", String(Date.now()));
      form.set("account", account);
      form.set("item", JSON.stringify(one.item));
      form.set("photo", new File([one.blob], "photo.jpg", { type: one.blob.type }));
      const answer = await post(photo, form);
      if (typeof answer === "string") return { state: answer, stamp };
      await hear([one], [answer]);
    }
  } catch {
    return { state: "offline", stamp };
  }
  return { state: "sent", stamp };
}

async function post(to, body) {
  const headers = typeof body === "string" ? { "content-type": "application/json" } : {};
  const answer = await fetch(to, { method: "POST", body, headers, credentials: "same-origin" });
  // Whoever is not signed in any more is led to a page, which is no answer to an item.
  if (answer.redirected || answer.status === 401 || answer.status === 403 || answer.status === 409) return "sign-in";
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("application/json")) return "later";
  return answer.json();
}

async function hear(asked, answers) {
  const by = new Map(answers.map((answer) => [answer.id, answer]));
  for (const one of asked) {
    const answer = by.get(one.id);
    if (!answer) continue;
    const outcome = answer.first ?? answer.outcome;
    if (outcome === "accepted") await remove(one.id);
    else await settle(one, outcome, answer.words ?? "");
  }
}

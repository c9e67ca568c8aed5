// What waits on this telephone: items and their pictures, in the browser's own database, until the city has answered
// each of them. Items carry the person who made them; nobody sends another's.

const NAME = "peyvand-crew";
let opened;

function open() {
  opened ??= new Promise((done, failed) => {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => {
      asking.result.createObjectStore("items", { keyPath: "id" });
      asking.result.createObjectStore("facts");
    };
    asking.onsuccess = () => done(asking.result);
    asking.onerror = () => failed(asking.error);
  });
  return opened;
}

// Resolves after what was written is on the disk of the telephone.
async function within(store, mode, work) {
  const base = await open();
  return new Promise((done, failed) => {
    const turn = base.transaction(store, mode, { durability: "strict" });
    const asked = work(turn.objectStore(store));
    turn.oncomplete = () => done(asked?.result);
    turn.onerror = () => failed(turn.error);
    turn.onabort = () => failed(turn.error);
  });
}

const fact = (name) => within("facts", "readonly", (store) => store.get(name));
const setFact = (name, value) => within("facts", "readwrite", (store) => store.put(value, name));

/** The name of this telephone, made once. */
export async function device() {
  const known = await fact("device");
  if (known) return known;
  const made = id();
  await setFact("device", made);
  return made;
}

/** A name that nobody else makes. */
export function id() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let counting = Promise.resolve();

/** Puts items into the queue, in order; all of them or none. `blob` is a picture, kept beside its item. */
export function add(account, items) {
  const work = async () => {
    let sequence = (await fact("sequence")) ?? 0;
    const made = items.map(({ blob, ...what }) => {
      sequence += 1;
      return { id: id(), account, state: "waiting", blob, item: { sequence, at: Date.now(), ...what } };
    });
    for (const one of made) one.item.id = one.id;
    await setFact("sequence", sequence);
    await within("items", "readwrite", (store) => { for (const one of made) store.add(one); });
    return made;
  };
  counting = counting.then(work, work);
  return counting;
}

/** Everything that is kept, what was done first before the rest. */
export async function all() {
  const items = (await within("items", "readonly", (store) => store.getAll())) ?? [];
  return items.sort((a, b) => a.item.sequence - b.item.sequence);
}

/** The city has it: it need not be kept here. */
export const remove = (key) => within("items", "readwrite", (store) => store.delete(key));

/** The city said no, or kept it for a dispatcher; the picture is no longer needed. */
export async function settle(one, outcome, words) {
  const { blob, ...rest } = one;
  await within("items", "readwrite", (store) => store.put({ ...rest, state: outcome, words }));
}

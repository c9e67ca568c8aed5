// Keeps the crew's page, its files and the parts of the map that were seen, for a day without network. `self.TOLD` stands
// in front of this text: the edition of the program, the address of the page, and the files it needs.

const { edition, page, shell } = self.TOLD;
const FILES = `crew-files-${edition}`;
const PAGE = "crew-page";
const TILES = "crew-tiles";
const MOST_TILES = 1_500;
// A network that hardly works is no network.
const PATIENCE = 6_000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await caches.open(FILES);
    await files.addAll(shell);
    await keepPage(await fetch(page, { credentials: "same-origin" }).catch(() => null));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("crew-files-") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === page) event.respondWith(ofPage(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(ofFile(request));
  else if (url.pathname.startsWith("/tiles/")) event.respondWith(ofTile(event, request));
  else if (url.pathname.startsWith("/crew/photos/")) event.respondWith(ofFile(request));
});

// Only a page that was really given is kept: whoever is signed out is led elsewhere.
async function keepPage(answer) {
  if (answer?.ok && !answer.redirected) await (await caches.open(PAGE)).put(page, answer.clone());
  return answer;
}

async function ofPage(request) {
  const network = fetch(request).then(keepPage);
  const late = new Promise((_, failed) => { setTimeout(() => failed(new Error("slow")), PATIENCE); });
  try {
    return await Promise.race([network, late]);
  } catch {
    const kept = await (await caches.open(PAGE)).match(page);
    return kept ?? network;
  }
}

async function ofFile(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

// What was seen of the map is shown at once, and looked at anew while there is network.
async function ofTile(event, request) {
  const tiles = await caches.open(TILES);
  const kept = await tiles.match(request);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) {
      await tiles.put(request, answer.clone());
      const keys = await tiles.keys();
      if (keys.length > MOST_TILES) await Promise.all(keys.slice(0, keys.length - MOST_TILES).map((key) => tiles.delete(key)));
    }
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

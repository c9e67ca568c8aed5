// Where the telephone is: only in a shift that was begun, only with the crew's consent. Without network the trail is
// thinned and waits; near the stop that the crew is on the way to, the page asks whether it has arrived.

const OFTEN = 5_000;
const TRAIL_PAUSE = 30_000;
const MOST = 120;
const ARRIVED = 80;
const WORST_FOR_ARRIVAL = 100;

let watch = null;
let waiting = [];
let sentAt = 0;

/** Begins or ends to look, as the shift and the consent say. */
export function follow(root, { arrived, said, keep }) {
  const may = root.dataset.shift === "begun" && root.dataset.consent === "yes" && "geolocation" in navigator;
  if (!may) {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
    waiting = [];
    return;
  }
  if (watch !== null) return;
  watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      said("");
      const fix = { at: Math.round(timestamp), lat: coords.latitude, long: coords.longitude, accuracy: Math.round(coords.accuracy) };
      note(fix);
      const stop = document.querySelector("[data-stop][data-status=on-the-way]");
      if (stop && fix.accuracy <= WORST_FOR_ARRIVAL && metres(fix, stop.dataset) <= ARRIVED) arrived(stop);
      tell(root, keep);
    },
    (error) => { if (error.code === error.PERMISSION_DENIED) said(root.dataset.sayPlaceDenied); },
    { enableHighAccuracy: true, maximumAge: 5_000, timeout: 60_000 },
  );
}

function note(fix) {
  const last = waiting.at(-2);
  // Of what waits, the newest is replaced until it is worth a point of its own.
  if (waiting.length > 1 && last && fix.at - last.at < TRAIL_PAUSE) waiting.pop();
  waiting.push(fix);
}

async function tell(root, keep) {
  const now = Date.now();
  if (now - sentAt < OFTEN || waiting.length === 0) return;
  sentAt = now;
  const fixes = waiting;
  waiting = [];
  const body = JSON.stringify({ sent_at: now, fixes: fixes.slice(-MOST) });
  const answer = await fetch(root.dataset.positions, { method: "POST", body, headers: { "content-type": "application/json" } }).catch(() => null);
  if (answer) return;
  waiting = [...fixes, ...waiting];
  // A long time without network: the trail goes into the queue and comes with the next sync.
  if (waiting.length >= MOST) {
    keep(waiting.slice(0, MOST));
    waiting = waiting.slice(MOST);
  }
}

function metres(a, b) {
  const rad = Math.PI / 180;
  const x = (Number(b.long) - a.long) * rad * Math.cos(((Number(b.lat) + a.lat) / 2) * rad);
  const y = (Number(b.lat) - a.lat) * rad;
  return Math.hypot(x, y) * 6_371_000;
}

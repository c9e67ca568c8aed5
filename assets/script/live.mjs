// Keeps a thread on the page up to date while someone looks at it, and makes the print buttons work.
//
//   data-live="/…/thread"     address of the same list as HTML; asked once a minute, only in view
//   data-events="/…/events"   server-sent events; when given, they replace the asking
//   data-live-said="…"        what to tell people who cannot see the change

for (const thread of document.querySelectorAll("[data-live]")) follow(thread);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

function follow(thread) {
  const refresh = async () => {
    if (document.hidden) return;
    const answer = await fetch(thread.dataset.live, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]") ?? page.querySelector("ol");
    if (!fresh || fresh.innerHTML.trim() === thread.innerHTML.trim()) return;
    thread.replaceChildren(...fresh.childNodes);
    const said = document.querySelector("[data-live-said]");
    if (said) said.textContent = said.dataset.liveSaid;
  };
  if (thread.dataset.events) new EventSource(thread.dataset.events).addEventListener("message", refresh);
  else setInterval(refresh, 60_000);
  document.addEventListener("visibilitychange", refresh);
}

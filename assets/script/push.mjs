// News of a request in this very browser, where the installation sends to browsers.
//
//   <button hidden data-push="/…/push" data-push-done="…" data-push-denied="…">   shown when it can work
//
// Nothing is asked of anybody before the part of the page around the button is opened, and no permission before it
// is pressed.

for (const button of document.querySelectorAll("[data-push]")) offer(button);

function offer(button) {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !isSecureContext) return;
  const around = button.closest("details");
  const look = async () => {
    const answer = await fetch("/push/key").catch(() => null);
    const key = answer?.ok ? (await answer.text()).trim() : "";
    if (!key) return;
    button.hidden = false;
    button.addEventListener("click", () => subscribe(button, key));
  };
  if (!around || around.open) look();
  else around.addEventListener("toggle", look, { once: true });
}

async function subscribe(button, key) {
  const say = (words) => {
    let line = button.nextElementSibling;
    if (line?.getAttribute("role") !== "status") {
      line = document.createElement("p");
      line.className = "small";
      line.setAttribute("role", "status");
      button.after(line);
    }
    line.textContent = words;
  };
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
    await navigator.serviceWorker.register("/push-worker.js");
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const answer = await fetch(button.dataset.push, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(subscription),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    say(button.dataset.pushDone);
  } catch {
    say(button.dataset.pushDenied);
    button.disabled = false;
  }
}

// Shows news of the city's line while no page of it is open, and opens the request when it is pressed.

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(said.title ?? "", {
    body: said.body, lang: said.lang, dir: said.lang === "fa" ? "rtl" : "ltr", tag: said.tag, data: { url: said.url },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data?.url;
  // Only pages of our own are opened.
  if (typeof url === "string" && url.startsWith("/") && !url.startsWith("//")) event.waitUntil(self.clients.openWindow(url));
});

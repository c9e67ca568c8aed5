// Small comforts of signing in. Without them every page works as well: the button to send a code again is refused
// kindly when it is too early, and a password is simply not shown.

for (const words of document.querySelectorAll("[data-wait]")) {
  const button = words.closest("form").querySelector("button");
  const sentence = words.textContent;
  const digits = new Intl.NumberFormat(document.documentElement.lang);
  const shown = digits.format(Number(words.dataset.wait));
  const end = performance.now() + Number(words.dataset.wait) * 1000;
  const turn = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    button.disabled = left > 0;
    words.hidden = left <= 0;
    if (left <= 0) return;
    words.textContent = sentence.replace(shown, digits.format(left));
    setTimeout(turn, 250);
  };
  turn();
}

for (const field of document.querySelectorAll("input[type=password][data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn plain";
  const say = () => {
    const hidden = field.type === "password";
    button.textContent = hidden ? field.dataset.show : field.dataset.hide;
    button.setAttribute("aria-pressed", String(!hidden));
  };
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    say();
  });
  field.form.addEventListener("submit", () => (field.type = "password"));
  say();
  field.after(button);
}

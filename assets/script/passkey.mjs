// Passkeys: the browser and the authenticator talk to each other here, the server judges. Where the browser knows no
// passkeys the button stays hidden, and everything else on the page goes on without it.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function send(address, what) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(what),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** Options as the server sends them, with bytes instead of texts. */
function readable(publicKey) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) options[list] = options[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: options };
}

/** What an authenticator says, with texts instead of bytes and nothing twice. */
function sendable({ id, type, authenticatorAttachment, response }) {
  const said = { type, authenticatorAttachment, clientExtensionResults: {}, clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    return { ...said, attestationObject: text(response.attestationObject), transports: response.getTransports?.() ?? [] };
  }
  return {
    ...said,
    id,
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  };
}

class Passkey extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential || !window.isSecureContext) return;
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => this.go());
  }

  async go() {
    const wrong = this.querySelector(".error");
    wrong.hidden = true;
    try {
      const name = this.querySelector("input")?.value ?? "";
      const options = readable(await send(this.dataset.options, { next: this.dataset.next ?? "" }));
      const credential = this.hasAttribute("making")
        ? await navigator.credentials.create(options)
        : await navigator.credentials.get(options);
      const { to } = await send(this.dataset.answer, { name, credential: sendable(credential) });
      location.assign(to);
    } catch {
      wrong.textContent = this.dataset.failed;
      wrong.hidden = false;
    }
  }
}

customElements.define("peyvand-passkey", Passkey);

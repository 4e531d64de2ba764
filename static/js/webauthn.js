// Passkeys and security keys, without inline scripts. A form[data-webauthn] holds a hidden input "credential":
//   login   the options are fetched from the form's own address
//   get     the options are in the JSON element named by data-options
//   create  the same, for a new key; a checkbox "passwordless" asks for one that works without a password
// Encoding is done by the script of django-allauth (window.webauthnJSON).

const options = {
  login: async (form) => {
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error("The house cannot be reached.");
    return (await response.json()).request_options;
  },
  get: (form) => stored(form).request_options,
  create: (form) => forNewKey(stored(form).creation_options, form.elements.passwordless?.checked ?? false),
};

function stored(form) {
  return JSON.parse(document.getElementById(form.dataset.options).textContent);
}

function forNewKey(creation, passwordless) {
  const selection = (creation.publicKey.authenticatorSelection ??= {});
  selection.residentKey = passwordless ? "required" : "discouraged";
  selection.requireResidentKey = passwordless;
  if (passwordless) selection.userVerification = "required";
  return creation;
}

const words = {
  NotAllowedError: "That was cancelled or took too long. Nothing has changed; you can try again.",
  InvalidStateError: "This device or key is already on your list.",
  SecurityError: "Passkeys need a secure address (https).",
};

async function ask(form, status) {
  const kind = form.dataset.webauthn;
  status.textContent = "Your device is asking for you now.";
  try {
    const wanted = await options[kind](form);
    const credential = await window.webauthnJSON[kind === "create" ? "create" : "get"](wanted);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    status.textContent = words[error.name] ?? "The passkey did not work. You can try again or use another way.";
  }
}

for (const form of document.querySelectorAll("form[data-webauthn]")) {
  const status = form.querySelector("[data-webauthn-status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form, status);
  });
  if (!window.PublicKeyCredential) {
    status.textContent = "This browser knows no passkeys.";
    form.querySelector("button").disabled = true;
  }
}

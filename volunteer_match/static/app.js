// Comforts on top of pages that work without them: desk keys, sharing, drafts kept while typing.

const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

// Desk: j and k walk the rows, a letter presses the control of the current row that carries it as data-key.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);
const currentRow = () =>
  document.activeElement?.closest("[data-row]") ?? document.querySelector('[data-row][aria-current="true"]');

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  for (const row of all) row.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function toggleHelp() {
  const help = document.querySelector("[data-keyboard-help]");
  if (!help) return;
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
}

function press(key) {
  const row = currentRow();
  const scope = row ?? (document.querySelector("[data-row]") ? null : document);
  const control = [...(scope?.querySelectorAll("[data-key]") ?? [])].find((item) => item.dataset.key === key);
  if (!control || control.disabled) return false;
  control.click();
  return true;
}

// Single letters get in the way of voice control, so that they can be turned off on this device.
const keysOff = () => localStorage.getItem("desk-keys") === "off";

for (const button of document.querySelectorAll("[data-keys-switch]")) {
  const word = () => (button.textContent = keysOff() ? button.dataset.on : button.dataset.off);
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem("desk-keys", keysOff() ? "on" : "off");
    word();
  });
  word();
}

document.addEventListener("keydown", (event) => {
  if (keysOff()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const known = { j: () => walk(1), k: () => walk(-1), "?": toggleHelp }[event.key];
  const onDesk = document.querySelector("[data-row], [data-keyboard-help]");
  if (known && onDesk) {
    event.preventDefault();
    known();
  } else if (onDesk && event.key.length === 1 && press(event.key)) {
    event.preventDefault();
  }
});

// Sharing: the phone's own sheet where there is one, otherwise the address goes to the clipboard.
async function share(box, button) {
  const { url, title, text, done } = { ...box.dataset, done: button.dataset.done };
  try {
    if (navigator.share) {
      await navigator.share({ url, title, text });
    } else {
      await navigator.clipboard.writeText(url);
      box.querySelector("[role=status]").textContent = done;
    }
  } catch {
    box.querySelector(".vm-share__plain").hidden = false; // refused or closed: the address stays to be copied by hand
  }
}

for (const box of document.querySelectorAll("[data-share]")) {
  const button = box.querySelector("button");
  if (!navigator.share && !navigator.clipboard) continue;
  button.hidden = false;
  box.querySelector(".vm-share__plain").hidden = true;
  button.addEventListener("click", () => share(box, button));
}

// A list that filters by itself: <form data-submit-on-change> keeps its button for those without a script.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

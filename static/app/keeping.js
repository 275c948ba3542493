// Keeps what is typed and not sent while the language is switched or a session has ended.
// It stays in this tab (sessionStorage) until its page is shown again: for the same person, and a
// quarter of an hour at most. Identity numbers may be in it, and the machine may be shared: whoever
// logs out, and anybody else who logs in, ends it. Files cannot be kept; who has chosen some is
// asked first.

const KEY = "typed";
const LIVES_MS = 15 * 60 * 1000;
const here = window.location.pathname + window.location.search;
const who = document.body.dataset.user ?? "";

function forms() {
  return [...document.querySelectorAll('main form[method="post"]')];
}

function fields(form) {
  return [...form.elements].filter((one) =>
    one.name && !["hidden", "file", "submit", "button", "password"].includes(one.type));
}

function isTicked(field) {
  return ["checkbox", "radio"].includes(field.type);
}

function valueOf(field) {
  return isTicked(field) ? field.checked : field.value;
}

function isChanged(field) {
  if (isTicked(field)) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== field.defaultValue;
}

// wanted: the page is to be shown again; else it is only if the session turns out to have ended.
function keep(wanted) {
  const typed = forms().map((form) => fields(form).map((field) => [field.name, valueOf(field)]));
  sessionStorage.setItem(KEY, JSON.stringify({ here, who, wanted, typed, at: Date.now() }));
}

// Logging in again, and choosing a company after it, are forms too, and what waits outlives them.
function isOnTheWayBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return kept?.wanted && (!who || !forms().some((one) => fields(one).length));
}

function drop() {
  sessionStorage.removeItem(KEY);
}

function fill(form, values) {
  fields(form).forEach((field, place) => {
    const [name, value] = values[place] ?? [];
    if (name !== field.name || value === valueOf(field)) return;
    if (isTicked(field)) field.checked = value;
    else field.value = value;
    const folded = field.closest("main details");
    if (folded) folded.open = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (!kept) return;
  const left_ms = kept.at + LIVES_MS - Date.now();
  const ended = document.querySelector("[data-session-ended]");
  const another = who && who !== kept.who;
  const left = document.querySelector("[data-logged-out]");
  if (left_ms <= 0 || left || another || !(kept.wanted || ended)) return drop();
  if (!ended && kept.here === here) {
    drop();
    if (who === kept.who) forms().forEach((form, place) => fill(form, kept.typed[place] ?? []));
    return;
  }
  if (ended) sessionStorage.setItem(KEY, JSON.stringify({ ...kept, wanted: true }));
  setTimeout(drop, left_ms); // nobody may come back to this page
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.closest("main") && form.method === "post") return isOnTheWayBack() || keep(false);
  const menu = form.closest("details.language");
  if (!menu) return;
  const files = [...document.querySelectorAll('main input[type="file"]')];
  if (files.some((one) => one.files.length) && !window.confirm(menu.dataset.filesLost)) {
    event.preventDefault();
  } else if (forms().some((one) => fields(one).some(isChanged))) {
    keep(true);
  }
}, true);
document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "main") drop(); });
restore();

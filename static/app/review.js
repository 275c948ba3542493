// The reviewer's page: zoom and turn pictures, and shortcuts for those who switch them on.
// Everything is ordinary buttons and boxes; this only presses them.

const page = document.querySelector("[data-case]");
const shortcuts = document.getElementById("shortcuts");
const groups = [...page.querySelectorAll(".reasons")];

function activate(group) {
  groups.forEach((one) => one.toggleAttribute("data-active", one === group));
}

function remember() {
  document.documentElement.classList.toggle("with-shortcuts", shortcuts.checked);
  document.cookie = `hurtigtaster=${shortcuts.checked ? 1 : 0}; path=/kontroll; max-age=31536000; samesite=lax`;
}

function typing(target) {
  return target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
}

function pressed(event) {
  const other = event.repeat || event.ctrlKey || event.metaKey || event.altKey;
  if (!shortcuts.checked || other || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const button = page.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const group = groups.find((one) => one.dataset.letter === key);
  const box = /^[1-9]$/.test(key)
    && page.querySelectorAll(".reasons[data-active] input[type=checkbox]")[key - 1];
  if (!button && !group && !box) return;
  event.preventDefault();
  if (button) button.click();
  if (box) {
    box.click();
    box.scrollIntoView({ block: "center" });
  }
  if (group) {
    activate(group);
    group.querySelector("input").focus();
  }
}

function tools(figure) {
  const image = figure.querySelector("img");
  const zoom = figure.querySelector("[data-zoom]");
  figure.querySelector(".look__tools").hidden = false;
  zoom.addEventListener("click", () => {
    const zoomed = figure.toggleAttribute("data-zoomed");
    zoom.setAttribute("aria-pressed", zoomed);
    if (zoomed) image.src = image.dataset.whole;
  });
  figure.querySelector("[data-turn]").addEventListener("click", () => {
    figure.dataset.turned = (Number(figure.dataset.turned || 0) + 1) % 4;
  });
}

page.querySelectorAll("[data-figure]").forEach(tools);
groups.forEach((group) => group.addEventListener("focusin", () => activate(group)));
activate(groups[0]);
shortcuts.closest(".shortcuts").hidden = false;
shortcuts.addEventListener("change", remember);
remember();
document.addEventListener("keydown", pressed);

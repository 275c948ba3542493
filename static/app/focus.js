// Moves focus to the error summary, on load and when htmx brings one.

function focusSummary(root) {
  const summary = root.querySelector?.("[data-focus]");
  summary?.focus();
}

focusSummary(document);
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));

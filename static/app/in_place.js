// A form that is sent back with errors takes its place on the page without a new page in the
// browser's history, so Back leads to the page before. What htmx needs stands on the form
// (components/in_place.html); here is what happens when the answer is no page of ours.

function isWhole(xhr) {
  return /<main id="main"/.test(xhr.responseText);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (target.id !== "main" || requestConfig.verb !== "post") return;
  event.detail.shouldSwap = isWhole(xhr); // an error page is shown, too
  event.detail.isError = false;
  if (!event.detail.shouldSwap && !xhr.getResponseHeader("HX-Redirect")) requestConfig.elt.submit();
});

// No answer: the browser sends the form itself, and says in its own words that there is no network.
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.target?.id === "main") event.detail.elt.submit();
});

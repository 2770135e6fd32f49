(() => {
  "use strict";
  const FIELDS = "input, textarea, select";
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;

  const named = (link) => {
    const found = link && document.getElementById(link.hash.slice(1));
    return found && (found.matches(FIELDS) ? found : found.querySelector(FIELDS) || found);
  };

  (named(summary.querySelector("a")) || summary).focus();
  summary.addEventListener("click", (event) => {
    const field = named(event.target.closest("a"));
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
})();

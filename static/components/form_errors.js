(() => {
  "use strict";
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  const first = summary.querySelector("a");
  const field = first && document.querySelector(first.getAttribute("href"));
  const target = field && (field.matches("input, textarea, select") ? field : field.querySelector("input, textarea, select"));
  (target || summary).focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const named = link && document.querySelector(link.getAttribute("href"));
    if (!named) return;
    event.preventDefault();
    (named.matches("input, textarea, select") ? named : named.querySelector("input, textarea, select") || named).focus();
  });
})();

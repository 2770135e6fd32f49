(() => {
  "use strict";
  // On the page, not on each button: a part that is looked at again brings buttons of its own.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy);
    if (!source) return;
    source.select();
    try { await navigator.clipboard.writeText(source.value); } catch { document.execCommand("copy"); }
    const said = button.querySelector("[data-copy-words]");
    if (said) said.textContent = "Copied";
  });
})();

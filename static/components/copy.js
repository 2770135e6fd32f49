(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      source.select();
      try { await navigator.clipboard.writeText(source.value); } catch { document.execCommand("copy"); }
      const said = button.querySelector("[data-copy-words]");
      if (said) said.textContent = "Copied";
    });
  }
})();

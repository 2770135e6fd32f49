(() => {
  "use strict";
  for (const text of document.querySelectorAll("[data-clamp]")) {
    text.dataset.clamped = "true";
    if (text.scrollHeight <= text.clientHeight + 2) { text.dataset.clamped = "false"; continue; }
    const more = document.createElement("button");
    more.type = "button";
    more.className = "clear-choice";
    more.textContent = text.dataset.more;
    more.addEventListener("click", () => { text.dataset.clamped = "false"; more.remove(); text.tabIndex = -1; text.focus(); });
    text.after(more);
  }
})();

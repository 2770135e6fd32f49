(() => {
  "use strict";
  const LAST = 500;
  const PAUSE_MS = 1200;

  const watch = (area) => {
    const most = Number(area.dataset.most);
    const line = document.createElement("p");
    line.className = "field-hint number";
    line.setAttribute("aria-hidden", "true");
    // What is heard waits for a pause, so that a screen reader does not count along with every letter.
    const heard = document.createElement("p");
    heard.className = "visually-hidden";
    heard.setAttribute("role", "status");
    area.after(line, heard);
    let wait = 0;
    const show = () => {
      const left = most - [...area.value].length;
      const words = left < 0 ? area.dataset.over : area.dataset.left;
      line.textContent = left <= LAST ? words.replace("{n}", String(Math.abs(left))) : "";
      line.hidden = !line.textContent;
      clearTimeout(wait);
      wait = setTimeout(() => { heard.textContent = line.textContent; }, PAUSE_MS);
    };
    area.addEventListener("input", show);
    show();
  };

  const set = (root) => { for (const area of root.querySelectorAll("textarea[data-most]")) watch(area); };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

(() => {
  "use strict";
  const set = (root) => {
    for (const area of root.querySelectorAll("textarea[data-most]")) {
      const most = Number(area.dataset.most);
      const line = document.createElement("p");
      line.className = "field-hint number";
      line.setAttribute("role", "status");
      area.after(line);
      const show = () => {
        const left = most - [...area.value].length;
        line.textContent = left <= 500 ? area.dataset.left.replace("{n}", String(left)) : "";
      };
      area.addEventListener("input", show);
      show();
    }
  };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

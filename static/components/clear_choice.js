(() => {
  "use strict";
  const set = (root) => {
    for (const button of root.querySelectorAll("[data-clear-choice]")) {
      const group = button.closest("fieldset");
      const show = () => { button.hidden = !group.querySelector("input:checked"); };
      group.addEventListener("change", show);
      button.addEventListener("click", () => {
        for (const input of group.querySelectorAll("input:checked")) input.checked = false;
        group.querySelector("input").focus();
        group.dispatchEvent(new Event("input", { bubbles: true }));
        show();
      });
      show();
    }
  };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

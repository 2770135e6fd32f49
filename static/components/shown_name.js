(() => {
  "use strict";
  const short = (name) => {
    const words = name.trim().split(/\s+/).filter(Boolean);
    // Brackets, dashes and invisible marks are no initial: the last word that holds a letter gives it.
    const initials = words.slice(1).map((word) => word.match(/\p{L}/u)?.[0]).filter(Boolean);
    const initial = initials.at(-1);
    if (!initial) return words[0] || "";
    const capital = initial.toUpperCase();
    return `${words[0]} ${[...capital].length === 1 ? capital : initial}.`;
  };
  const set = (root) => {
    for (const line of root.querySelectorAll("[data-shown-name]")) {
      const form = line.closest("form");
      const name = form.querySelector("[name=name]");
      const own = form.querySelector("[name=display_name]");
      const wrap = own && own.closest("[data-own-name]");
      const change = line.querySelector("button");
      const show = () => {
        const shown = (own && own.value.trim()) || short(name.value);
        line.hidden = !shown;
        line.querySelector("[data-shown]").textContent = shown;
      };
      if (wrap && !own.value) wrap.hidden = true;
      change.addEventListener("click", () => { wrap.hidden = false; own.focus(); });
      name.addEventListener("input", show);
      if (own) own.addEventListener("input", show);
      show();
    }
  };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

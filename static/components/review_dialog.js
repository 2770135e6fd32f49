(() => {
  "use strict";
  const wide = matchMedia("(min-width: 768px)");
  let dialog = null;

  const open = async (link) => {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "review-form-title");
    const bar = document.createElement("div");
    bar.className = "dialog-bar";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button-plain";
    close.textContent = link.dataset.close;
    bar.append(close);
    const body = document.createElement("div");
    body.className = "dialog-body";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    body.append(...page.body.childNodes);
    dialog.append(bar, body);
    document.body.append(dialog);
    dialog.showModal();
    body.dispatchEvent(new CustomEvent("reviews:form", { bubbles: true }));
    close.addEventListener("click", () => history.back());
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); history.back(); });
    dialog.addEventListener("click", (event) => {
      const started = [...dialog.querySelectorAll("textarea, input[type=text]")].some((one) => one.value.trim());
      if (event.target === dialog && !started) history.back();
    });
    const title = dialog.querySelector("#review-form-title");
    if (title) { title.tabIndex = -1; title.focus(); }
    history.pushState({ reviewDialog: true }, "");
  };

  const shut = (link) => { if (dialog) { dialog.close(); dialog.remove(); dialog = null; link?.focus(); } };

  for (const link of document.querySelectorAll("a[data-review-dialog]")) {
    link.addEventListener("click", (event) => {
      if (!wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      open(link).catch(() => { location.href = link.href; });
    });
    addEventListener("popstate", () => shut(link));
  }
})();

(() => {
  "use strict";
  const wide = matchMedia("(min-width: 768px)");
  let dialog = null;
  let opener = null;
  let isOpening = false;
  let isLeaving = false;

  // One step back however often it is asked for: a second, before the first arrives, would leave the page.
  const leave = () => {
    if (isLeaving) return;
    isLeaving = true;
    history.back();
  };

  const isChanged = (one) => {
    if (one.type === "radio" || one.type === "checkbox") return one.checked !== one.defaultChecked;
    if (one.type === "file") return one.files.length > 0;
    if (one.tagName === "SELECT") return [...one.options].some((option) => option.selected !== option.defaultSelected && option.index > 0);
    return one.type !== "hidden" && one.value !== one.defaultValue;
  };
  const isStarted = () => [...dialog.querySelectorAll("input, textarea, select")].some(isChanged) || Boolean(dialog.querySelector(".photo"));

  const made = (link, html) => {
    const frame = document.createElement("dialog");
    frame.className = "dialog";
    frame.setAttribute("aria-labelledby", "review-form-title");
    const bar = document.createElement("div");
    bar.className = "dialog-bar";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button-plain";
    close.textContent = link.dataset.close;
    close.addEventListener("click", leave);
    bar.append(close);
    const body = document.createElement("div");
    body.className = "dialog-body";
    body.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    frame.append(bar, body);
    frame.addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
    frame.addEventListener("click", (event) => { if (event.target === frame && !isStarted()) leave(); });
    // Escape pressed twice closes a dialog without asking; its history entry goes along.
    frame.addEventListener("close", () => { if (dialog) leave(); });
    return frame;
  };

  const open = async (link) => {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    dialog = made(link, await answer.text());
    opener = link;
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector(".dialog-body").dispatchEvent(new CustomEvent("reviews:form", { bubbles: true }));
    const title = dialog.querySelector("#review-form-title");
    if (title) { title.tabIndex = -1; title.focus(); }
    history.pushState({ reviewDialog: true }, "");
  };

  addEventListener("popstate", () => {
    isLeaving = false;
    if (!dialog) return;
    const gone = dialog;
    dialog = null;
    gone.close();
    gone.remove();
    opener.focus();
  });

  for (const link of document.querySelectorAll("a[data-review-dialog]")) {
    link.addEventListener("click", (event) => {
      if (!wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      if (isOpening || dialog) return;
      isOpening = true;
      open(link).catch(() => { location.href = link.href; }).finally(() => { isOpening = false; });
    });
  }
})();

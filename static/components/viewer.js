(() => {
  "use strict";
  const FAR_ENOUGH = 48;
  const frame = document.querySelector("template[data-viewer-frame]");
  if (!frame) return;

  const dialog = frame.content.querySelector("dialog").cloneNode(true);
  const part = (name) => dialog.querySelector(`[data-viewer-${name}]`);
  const stage = part("stage");
  let links = [];
  let place = 0;
  let opener = null;
  let touched = null;

  const thumb = (link) => link.querySelector("img");
  const sized = (element, link) => { element.width = link.dataset.width; element.height = link.dataset.height; return element; };
  const whole = (link) => {
    if (link.dataset.poster) {
      const video = sized(document.createElement("video"), link);
      video.controls = true;
      video.playsInline = true;
      video.preload = "metadata";
      video.poster = link.dataset.poster;
      video.src = link.href;
      video.setAttribute("aria-label", thumb(link).alt);
      return video;
    }
    const image = sized(document.createElement("img"), link);
    image.draggable = false;
    image.alt = thumb(link).alt;
    image.sizes = "100vw";
    image.srcset = thumb(link).srcset;
    image.src = link.href;
    return image;
  };

  const show = (next, isStep) => {
    place = next;
    const link = links[place];
    stage.querySelector("video")?.pause();
    stage.replaceChildren(whole(link));
    const says = link.parentNode.querySelector("template[data-viewer-says]");
    part("words").replaceChildren(...(says ? [says.content.cloneNode(true)] : []));
    const count = part("count");
    count.textContent = count.dataset.words.replace("{n}", place + 1).replace("{all}", links.length);
    for (const button of dialog.querySelectorAll("[data-viewer-step]")) {
      button.setAttribute("aria-disabled", String(!links[place + Number(button.dataset.viewerStep)]));
    }
    part("said").textContent = isStep ? `${count.textContent}: ${thumb(link).alt}` : "";
  };
  const step = (by) => { if (links[place + by]) show(place + by, true); };
  // Where a page runs from right to left, what comes next stands on the left.
  const forward = () => (document.documentElement.dir === "rtl" ? -1 : 1);

  const open = (link) => {
    links = [...document.querySelectorAll("a[data-viewer]")].filter((one) => one.dataset.viewer === link.dataset.viewer);
    opener = link;
    document.body.append(dialog);
    dialog.showModal();
    show(links.indexOf(link), false);
    part("close").focus();
    history.pushState({ viewer: true }, "");
  };
  const closed = () => {
    stage.replaceChildren();
    part("words").replaceChildren();
    dialog.remove();
    const from = opener;
    opener = null;
    // After the step back in the history: an address with a mark would take the focus along.
    setTimeout(() => from.focus(), 0);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-viewer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (!opener) open(link);
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.viewerStep) step(Number(button.dataset.viewerStep));
    else if (button) history.back();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.target.tagName === "VIDEO") return;
    const steps = { ArrowRight: forward(), ArrowLeft: -forward(), Home: -place, End: links.length - 1 - place };
    if (!(event.key in steps)) return;
    event.preventDefault();
    step(steps[event.key]);
  });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); history.back(); });
  // Escape pressed twice closes a dialog without asking; its history entry goes along.
  dialog.addEventListener("close", () => { if (opener) history.back(); });
  addEventListener("popstate", () => {
    if (!opener) return;
    if (dialog.open) { const from = opener; opener = null; dialog.close(); opener = from; }
    closed();
  });

  // The finger's way counts, the player's own bar does not.
  stage.addEventListener("pointerdown", (event) => {
    const player = event.target.closest("video");
    const isOnBar = player && event.clientY > player.getBoundingClientRect().bottom - 64;
    touched = event.pointerType === "mouse" || isOnBar ? null : event;
  });
  stage.addEventListener("pointerup", (event) => {
    if (!touched || touched.pointerId !== event.pointerId) return;
    const [across, down] = [event.clientX - touched.clientX, event.clientY - touched.clientY];
    touched = null;
    if (Math.abs(across) >= FAR_ENOUGH && Math.abs(across) > Math.abs(down)) step(across < 0 ? forward() : -forward());
  });
  stage.addEventListener("pointercancel", () => { touched = null; });
})();

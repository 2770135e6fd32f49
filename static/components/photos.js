(() => {
  "use strict";
  const LONGEST = 2560;
  const QUALITY = 0.9;
  const AT_ONCE = 2;
  const TRIES = [2000, 5000, 10000, 30000];
  const LOOKS = [3000, 6000, 15000, 40000];

  // Some browsers answer a canvas with noise, so that nobody is recognised by it: a picture would be spoilt.
  const isTrue = () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 4;
    const draw = canvas.getContext("2d");
    draw.fillStyle = "#4080c0";
    draw.fillRect(0, 0, 4, 4);
    return draw.getImageData(0, 0, 4, 4).data.every((value, place) => value === [64, 128, 192, 255][place % 4]);
  };

  const written = (canvas, kind) => new Promise((done) => { canvas.toBlob(done, kind, QUALITY); });

  // Drawn anew the picture is small enough for a phone's line, and nothing in it tells where it was taken.
  const drawn = async (file, mostBytes) => {
    if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      const part = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      if (!isTrue()) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * part));
      canvas.height = Math.max(1, Math.round(picture.height * part));
      const draw = canvas.getContext("2d");
      draw.imageSmoothingQuality = "high";
      draw.drawImage(picture, 0, 0, canvas.width, canvas.height);
      // A drawing of few colours stays sharp as what it is, unless that has become too large to be taken.
      const isSharp = file.type === "image/png" && part === 1;
      let blob = await written(canvas, file.type === "image/jpeg" || isSharp ? file.type : "image/webp");
      if (blob && isSharp && blob.size > mostBytes) blob = await written(canvas, "image/webp");
      return blob ? new File([blob], file.name, { type: blob.type }) : file;
    } finally { picture.close(); }
  };

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const watch = (drop) => {
    const form = drop.closest("form");
    const input = drop.querySelector("input[type=file]");
    const list = drop.querySelector("[data-photos-list]");
    const said = drop.querySelector("[data-photos-said]");
    const finishingLine = form.querySelector("[data-photos-finishing]");
    const blank = list.querySelector("template");
    const words = JSON.parse(drop.dataset.words);
    const limits = JSON.parse(drop.dataset.limits);
    const photos = new Map();
    drop.dataset.live = "true";
    let drawing = Promise.resolve();
    let finishing = false;
    let dragged = null;
    let looks = 0;
    let lookTimer = 0;
    let orderTimer = 0;

    const rows = () => [...list.querySelectorAll(".photo")];
    const all = () => rows().map((row) => photos.get(row));
    const inState = (...states) => all().filter((photo) => states.includes(photo.state));
    const isUnderWay = () => inState("queued", "sending").length > 0;
    const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    const counted = (text) => filled(text, { n: inState("held").length, all: all().length });

    const formId = () => form.elements.form_id.value;
    const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
    const parcel = (fields, id = formId()) => {
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("form_id", id);
      for (const one of form.querySelectorAll("[name=photo_gone], [name=drop_picture]:checked")) body.append(one.name, one.value);
      for (const [name, value] of fields) body.append(name, value);
      return body;
    };
    const answered = async (body) => {
      const answer = await fetch(drop.dataset.photos, { method: "POST", body, headers: { Accept: "application/json" } });
      return answer.json();
    };
    const ask = (...fields) => answered(parcel(fields));

    // What is not there yet stays in the field and goes with the form, whatever happens to this script; each with its
    // key, by which it is known again if it arrived and only the answer was lost.
    const keepInField = () => {
      const rest = new DataTransfer();
      const left = inState("queued", "sending", "offline", "stays");
      for (const photo of left) rest.items.add(photo.file);
      input.files = rest.files;
      for (const one of drop.querySelectorAll("[name=photo_file]")) one.remove();
      input.before(...left.map((photo) => hidden("photo_file", photo.key)));
      if (isUnderWay()) drop.setAttribute("aria-busy", "true");
      else drop.removeAttribute("aria-busy");
    };

    const tell = (extra = "") => {
      const sent = inState("held").length ? [counted(words.said)] : [];
      const wrong = inState("refused").map((photo) => `${photo.name}: ${photo.wrong}`);
      said.textContent = [...sent, ...wrong, extra].filter(Boolean).join(" ");
    };

    const show = (photo, state, how = "") => {
      photo.state = state;
      photo.row.classList.toggle("photo-staged", state === "held");
      photo.row.classList.toggle("photo-refused", state === "refused");
      photo.row.querySelector("[data-photo-how]").textContent = how;
      photo.row.querySelector("progress").hidden = state !== "sending";
      photo.row.querySelector("[data-photo-again]").hidden = state !== "offline" && !photo.mayTryAgain;
      for (const field of photo.row.querySelectorAll("input")) field.disabled = state === "refused";
      keepInField();
    };

    const refuse = (photo, wrong, mayTryAgain = false) => {
      photo.wrong = wrong;
      photo.mayTryAgain = mayTryAgain;
      photo.row.querySelector("[data-photo-wrong] span").textContent = wrong;
      show(photo, "refused");
      photo.row.scrollIntoView({ inline: "nearest", block: "nearest" });
      tell();
    };

    const picture = (photo, address) => {
      const image = document.createElement("img");
      image.alt = "";
      image.width = image.height = 64;
      // Not every browser shows HEIC; a drawn sign stands for it until it is prepared.
      image.addEventListener("load", () => { photo.hasPreview = true; photo.row.querySelector("[data-photo-face]").replaceChildren(image); }, { once: true });
      image.src = address;
    };
    const preview = (photo) => {
      const address = URL.createObjectURL(photo.file);
      if (!photo.file.type.startsWith("video/")) { picture(photo, address); return; }
      const video = document.createElement("video");
      video.muted = true;
      video.preload = "metadata";
      video.addEventListener("loadeddata", () => { photo.hasPreview = true; photo.row.querySelector("[data-photo-face]").replaceChildren(video); }, { once: true });
      video.addEventListener("loadedmetadata", () => {
        if (video.duration < limits.seconds + 1 || !Number.isFinite(video.duration) || photo.state === "refused") return;
        photo.request?.abort();
        letGo(photo);
        refuse(photo, limits.too_long);
      }, { once: true });
      video.src = address;
    };

    const named = (row, name) => {
      row.querySelector("[data-photo-name]").textContent = name;
      for (const one of row.querySelectorAll("[data-label]")) one.setAttribute("aria-label", filled(one.dataset.label, { name }));
      row.querySelector("[data-photo-face]").draggable = true;
    };
    const card = (name, key) => {
      const row = blank.content.querySelector(".photo").cloneNode(true);
      named(row, name);
      for (const one of row.querySelectorAll("[name=photo_key], button[name]")) one.value = key;
      list.append(row);
      const photo = { row, key, name, state: "new", tries: 0 };
      photos.set(row, photo);
      return photo;
    };

    const held = (photo, kept) => {
      photo.tries = 0;
      show(photo, "held", words.held);
      if (kept.words) { refuse(photo, kept.words); return; }
      photo.isReady = kept.is_ready;
      if (kept.preview && !photo.hasPreview) picture(photo, kept.preview);
      const caption = photo.row.querySelector("[name=photo_caption]");
      if (caption.value && caption.value !== kept.caption) sayCaption(photo, caption);
      else if (!caption.value) caption.value = kept.caption;
    };

    // A file is looked at after it was sent: what cannot be shown is told here, while it can still be changed.
    const lookAgain = () => {
      clearTimeout(lookTimer);
      if (looks >= LOOKS.length || !inState("held").some((photo) => !photo.isReady)) return;
      lookTimer = setTimeout(async () => {
        looks += 1;
        try {
          const kept = new Map((await ask()).photos.map((one) => [one.key, one]));
          for (const photo of inState("held")) if (kept.has(photo.key) && !photo.isReady) held(photo, kept.get(photo.key));
        } catch { /* the next look may get through */ }
        lookAgain();
      }, LOOKS[looks]);
    };

    const posted = (photo, address, body, headers) => new Promise((done) => {
      const request = new XMLHttpRequest();
      photo.request = request;
      const bar = photo.row.querySelector("progress");
      bar.value = 0;
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        bar.value = Math.floor((100 * event.loaded) / event.total);
        photo.row.querySelector("[data-photo-how]").textContent = `${bar.value} %`;
        photo.isWhole = event.loaded === event.total;
      });
      request.addEventListener("loadend", () => { photo.request = null; done(request); });
      request.open("POST", address);
      for (const [name, value] of headers) request.setRequestHeader(name, value);
      if (headers.length) request.responseType = "json";
      request.send(body);
    });
    const place = (photo) => ["place", rows().indexOf(photo.row)];
    const toUs = (photo) => posted(photo, drop.dataset.photos, parcel([["photo_key", photo.key], place(photo), ["photo", photo.file]]), [["Accept", "application/json"]]);

    // Straight to where files lie, and then a word to us; a place that does not take it is passed over.
    const toBucket = async (photo) => {
      const told = await ask(["photo_key", photo.key], ["offer", photo.file.size]).catch(() => null);
      if (photo.state !== "sending") return { status: 0, response: null };
      if (!told?.offer) return told?.error || told?.photo ? { status: 200, response: told } : toUs(photo);
      const body = new FormData();
      for (const [name, value] of Object.entries(told.offer.fields)) body.append(name, value);
      body.append("file", photo.file);
      const { status } = await posted(photo, told.offer.url, body, []);
      if (photo.state !== "sending") return { status: 0, response: null };
      if (status < 200 || status > 299) return toUs(photo);
      const response = await ask(["photo_key", photo.key], place(photo), ["file_name", photo.name], ["offered", told.offer.token]).catch(() => null);
      return { status: response ? 200 : 0, response };
    };
    const sent = (photo) => (limits.direct ? toBucket(photo) : toUs(photo));

    const isTooLarge = (photo) => photo.file.size > (photo.file.type.startsWith("video/") ? limits.video_bytes : limits.picture_bytes);

    const later = (photo) => {
      show(photo, "offline", words.offline);
      tell(words.offline);
      const wait = TRIES[Math.min(photo.tries, TRIES.length - 1)];
      photo.tries += 1;
      setTimeout(() => again(photo), wait);
    };
    const again = (photo) => {
      if (photo.state !== "offline" || !photo.row.isConnected) return;
      show(photo, "queued", words.waiting);
      go();
    };

    const send = async (photo) => {
      show(photo, "sending");
      // One at a time: a phone has no room for two large pictures opened side by side.
      if (!photo.isDrawn) {
        drawing = drawing.then(() => drawn(photo.file, limits.picture_bytes)).then((file) => { photo.file = file; }, () => {});
        await drawing;
        photo.isDrawn = true;
      }
      if (photo.state !== "sending") return;
      if (isTooLarge(photo)) { refuse(photo, photo.file.type.startsWith("video/") ? limits.too_large_video : limits.too_large_picture); return; }
      keepInField();
      const sentFor = formId();
      photo.arrival = sent(photo);
      const { status, response } = await photo.arrival;
      if (photo.state !== "sending") return;
      // A draft came meanwhile, and with it another form: there it is not yet.
      if (sentFor !== formId()) { show(photo, "queued", words.waiting); return; }
      if (response?.photo) {
        held(photo, response.photo);
        looks = 0;
        lookAgain();
        form.dispatchEvent(new CustomEvent("reviews:photos", { bubbles: true }));
      } else if (response?.stays) show(photo, "stays", response.error);
      else if (response?.error) refuse(photo, response.error, response.again);
      else if (status === 413) refuse(photo, limits.too_large_video);
      else { later(photo); return; }
      tell(response?.stays ? response.error : "");
    };

    const go = () => {
      const free = AT_ONCE - inState("sending").length;
      for (const photo of inState("queued").slice(0, Math.max(0, free))) send(photo).finally(go);
    };

    const most = () => limits.most - form.querySelectorAll("[data-takes-place]:not(:checked)").length;
    const take = (files) => {
      let first = null;
      for (const file of files) {
        const photo = card(file.name, newKey());
        first ??= photo;
        photo.file = file;
        preview(photo);
        if (inState("refused").length + most() < all().length) refuse(photo, limits.too_many);
        else show(photo, "queued", words.waiting);
      }
      first?.row.scrollIntoView({ inline: "start", block: "nearest" });
      keepInField();
      go();
    };

    const takeBack = async (photo) => {
      try { await ask(["remove_photo", photo.key]); } catch { addEventListener("online", () => { takeBack(photo); }, { once: true }); }
      form.dispatchEvent(new CustomEvent("reviews:photos", { bubbles: true }));
    };
    // What went on its way may be there, whatever was heard of it: the form itself says that it is not to be.
    const letGo = (photo) => {
      if (photo.file && !photo.arrival) return;
      form.append(hidden("photo_gone", photo.key));
      form.dispatchEvent(new CustomEvent("reviews:photos", { bubbles: true }));
      Promise.resolve(photo.arrival).then(() => takeBack(photo));
    };
    const remove = (photo) => {
      const next = photo.row.nextElementSibling ?? photo.row.previousElementSibling;
      photo.state = "gone";
      if (!photo.isWhole) photo.request?.abort();
      photo.row.remove();
      keepInField();
      tell(words.removed);
      (next?.querySelector("[name=remove_photo]") ?? input).focus();
      letGo(photo);
      go();
    };

    const sayOrder = () => {
      clearTimeout(orderTimer);
      orderTimer = setTimeout(() => { ask(...inState("held").map((photo) => ["photo_order", photo.key])).catch(() => {}); }, 400);
    };
    const move = (photo, step, button) => {
      const others = rows();
      const place = others.indexOf(photo.row) + step;
      if (place < 0 || place >= others.length) return;
      if (step < 0) others[place].before(photo.row);
      else others[place].after(photo.row);
      button?.focus();
      photo.row.scrollIntoView({ inline: "nearest", block: "nearest" });
      keepInField();
      tell(filled(words.moved, { name: photo.name, n: place + 1, all: others.length }));
      sayOrder();
    };

    const sayCaption = async (photo, field) => {
      try {
        const { error } = await ask(["photo_key", photo.key], ["photo_caption", field.value]);
        field.setAttribute("aria-invalid", String(Boolean(error)));
        if (error) tell(`${photo.name}: ${error}`);
      } catch { /* it goes with the form */ }
    };

    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      const photo = photos.get(button?.closest(".photo"));
      if (!photo) return;
      event.preventDefault();
      if (button.name === "remove_photo") remove(photo);
      else if (button.name === "photo_up") move(photo, -1, button);
      else if (button.name === "photo_down") move(photo, 1, button);
      else { photo.mayTryAgain = false; show(photo, "queued", words.waiting); go(); }
    });
    list.addEventListener("change", (event) => {
      const photo = photos.get(event.target.closest(".photo"));
      if (photo?.state === "held" && event.target.name === "photo_caption") sayCaption(photo, event.target);
    });

    const over = (isOver) => (event) => {
      if (dragged || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      drop.dataset.over = String(isOver);
    };
    input.addEventListener("change", () => take([...input.files]));
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => { over(false)(event); if (!dragged) take([...event.dataTransfer.files]); });
    document.addEventListener("paste", (event) => {
      const pasted = event.clipboardData;
      if (!form.isConnected || !pasted?.files.length || pasted.types.includes("text/plain")) return;
      if (event.target !== document.body && !form.contains(event.target)) return;
      event.preventDefault();
      take([...pasted.files]);
    });

    list.addEventListener("dragstart", (event) => {
      const row = event.target.closest?.("[data-photo-face]")?.closest(".photo");
      if (!row) return;
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(row, 20, 20);
    });
    list.addEventListener("dragover", (event) => {
      const row = event.target.closest(".photo");
      if (!dragged || !row || row === dragged) return;
      event.preventDefault();
      const others = rows();
      if (others.indexOf(dragged) < others.indexOf(row)) row.after(dragged);
      else row.before(dragged);
    });
    list.addEventListener("dragend", () => {
      if (!dragged) return;
      const photo = photos.get(dragged);
      dragged = null;
      keepInField();
      tell(filled(words.moved, { name: photo.name, n: rows().indexOf(photo.row) + 1, all: rows().length }));
      sayOrder();
    });

    const sayFinishing = () => {
      const now = filled(words.finishing, { n: inState("held").length, all: all().length - inState("refused").length });
      if (finishingLine.textContent !== now) finishingLine.textContent = now;
    };
    // A form sent while pictures are under way waits until they are there, and for nothing after that.
    const settled = async () => {
      for (const photo of inState("offline")) again(photo);
      while (isUnderWay() || (!navigator.onLine && inState("offline").length)) {
        sayFinishing();
        await new Promise((done) => { setTimeout(done, 100); });
      }
    };
    form.addEventListener("submit", async (event) => {
      if (finishing) { event.preventDefault(); return; }
      if (!inState("queued", "sending", "offline").length || form.dataset.photosSettled) { delete form.dataset.photosSettled; return; }
      event.preventDefault();
      finishing = true;
      const button = event.submitter;
      await settled();
      finishing = false;
      finishingLine.textContent = "";
      keepInField();
      form.dataset.photosSettled = "true";
      form.requestSubmit(button);
    });
    addEventListener("online", () => { for (const photo of inState("offline")) again(photo); });
    addEventListener("beforeunload", (event) => { if (form.isConnected && !finishing && !form.dataset.photosSettled && isUnderWay()) event.preventDefault(); });

    // A draft brings its pictures along. A form that was sent already holds none: its id would only find that review.
    const restore = async ({ id, gone }) => {
      form.append(...gone.map((key) => hidden("photo_gone", key)));
      const kept = await answered(parcel([], id)).catch(() => null);
      if (!kept?.photos || kept.is_sent) return;
      form.elements.form_id.value = id;
      for (const photo of inState("sending")) photo.request?.abort();
      for (const photo of inState("held")) show(photo, "queued", words.waiting);
      for (const one of kept.photos) {
        const photo = card(one.name, one.key);
        if (one.is_video) photo.row.dataset.video = "true";
        held(photo, one);
      }
      tell();
      lookAgain();
      go();
    };
    form.addEventListener("reviews:draft", (event) => { restore(event.detail); });

    for (const row of rows()) {
      const photo = { row, key: row.querySelector("[name=photo_key]").value, name: row.querySelector("[data-photo-name]").textContent, state: "held", tries: 0, hasPreview: "hasPreview" in row.dataset };
      photos.set(row, photo);
      named(row, photo.name);
      if (row.classList.contains("photo-refused")) { photo.state = "refused"; photo.wrong = row.querySelector("[data-photo-wrong]").textContent.trim(); }
    }
    lookAgain();
  };

  const set = (root) => { for (const drop of root.querySelectorAll("[data-photos]")) watch(drop); };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

(() => {
  "use strict";

  const watch = (drop) => {
    const form = drop.closest("form");
    const input = drop.querySelector("input[type=file]");
    const list = drop.querySelector("[data-photos-list]");
    const said = drop.querySelector("[data-photos-said]");
    const words = drop.dataset;
    let work = Promise.resolve();
    let underWay = 0;
    const kept = [];

    const ask = async (name, value) => {
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("form_id", form.elements.form_id.value);
      body.append(name, value);
      const answer = await fetch(words.photos, { method: "POST", body, headers: { Accept: "application/json" } });
      return answer.json();
    };

    const show = (file, id) => {
      const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
      const image = row.querySelector("img");
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      // Not every browser shows HEIC; its name does then.
      image.addEventListener("error", () => image.remove(), { once: true });
      image.src = URL.createObjectURL(file);
      row.querySelector(".photo-name").textContent = file.name;
      const remove = row.querySelector("button");
      remove.value = id;
      remove.setAttribute("aria-label", `${remove.textContent.trim()}: ${file.name}`);
      list.append(row);
    };

    // What did not get through stays in the field and goes with the form; what did must not go twice.
    const leave = (files) => {
      const rest = new DataTransfer();
      for (const file of [...kept, ...files]) rest.items.add(file);
      input.files = rest.files;
    };

    const take = async (files) => {
      const troubles = [];
      let done = 0;
      const tell = () => {
        const sent = done ? [words.sent.replace("{n}", String(done)).replace("{all}", String(files.length))] : [];
        said.textContent = [...sent, ...troubles].join(" ");
      };
      for (const [place, file] of files.entries()) {
        let staged;
        try { staged = await ask("photo", file); } catch {
          leave(files.slice(place));
          said.textContent = words.later;
          return;
        }
        if (staged.stays) kept.push(file);
        leave(files.slice(place + 1));
        if (staged.error) troubles.push(`${file.name}: ${staged.error}`);
        else { show(file, staged.id); done += 1; }
        tell();
      }
    };

    const queue = (files) => {
      if (!files.length) return;
      underWay += 1;
      drop.setAttribute("aria-busy", "true");
      work = work.then(() => take(files)).finally(() => {
        underWay -= 1;
        if (!underWay) drop.removeAttribute("aria-busy");
      });
    };

    const over = (isOver) => (event) => { event.preventDefault(); drop.dataset.over = String(isOver); };
    input.addEventListener("change", () => queue([...input.files]));
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => { over(false)(event); queue([...event.dataTransfer.files]); });

    // A form sent while pictures are under way waits for them: half a picture would be lost, a whole one sent twice.
    form.addEventListener("submit", (event) => {
      if (!underWay) return;
      event.preventDefault();
      const button = event.submitter;
      work.finally(() => form.requestSubmit(button));
    });

    list.addEventListener("click", async (event) => {
      const button = event.target.closest("button[name=remove_photo]");
      if (!button) return;
      event.preventDefault();
      try {
        await ask("remove_photo", button.value);
        button.closest("li").remove();
        said.textContent = words.removed;
        input.focus();
      } catch { said.textContent = words.later; }
    });
  };

  const set = (root) => { for (const drop of root.querySelectorAll("[data-photos]")) watch(drop); };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

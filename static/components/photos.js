(() => {
  "use strict";
  const set = (root) => {
    for (const drop of root.querySelectorAll("[data-photos]")) watch(drop);
  };

  const watch = (drop) => {
    const form = drop.closest("form");
    const input = drop.querySelector("input[type=file]");
    const list = drop.querySelector("[data-photos-list]");
    const said = drop.querySelector("[data-photos-said]");
    const words = drop.dataset;

    const send = async (file) => {
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("form_id", form.elements.form_id.value);
      body.append("photo", file);
      const answer = await fetch(words.photos, { method: "POST", body, headers: { Accept: "application/json" } });
      return answer.json();
    };

    const show = (file, staged) => {
      const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
      row.querySelector("img").src = URL.createObjectURL(file);
      row.querySelector(".photo-name").textContent = file.name;
      const remove = row.querySelector("button");
      remove.value = staged.id;
      remove.setAttribute("aria-label", `${remove.textContent.trim()}: ${file.name}`);
      list.append(row);
    };

    const take = async (files) => {
      let done = 0;
      for (const file of files) {
        try {
          const staged = await send(file);
          if (staged.error) { said.textContent = `${file.name}: ${staged.error}`; continue; }
          show(file, staged);
          done += 1;
          said.textContent = words.sent.replace("{n}", String(done)).replace("{all}", String(files.length));
        } catch {
          said.textContent = words.later;
          return;
        }
      }
      input.value = "";
    };

    input.addEventListener("change", () => take([...input.files]));
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.dataset.over = "true"; });
    drop.addEventListener("dragleave", () => { drop.dataset.over = "false"; });
    drop.addEventListener("drop", (event) => { event.preventDefault(); drop.dataset.over = "false"; take([...event.dataTransfer.files]); });
    list.addEventListener("click", async (event) => {
      const button = event.target.closest("button[name=remove_photo]");
      if (!button) return;
      event.preventDefault();
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("form_id", form.elements.form_id.value);
      body.append("remove_photo", button.value);
      try {
        await fetch(words.photos, { method: "POST", body, headers: { Accept: "application/json" } });
        button.closest("li").remove();
        said.textContent = words.removed;
        input.focus();
      } catch { said.textContent = words.later; }
    });
  };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

(() => {
  "use strict";
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the form still works */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing kept */ } },
  };
  for (const done of document.querySelectorAll("[data-draft-done]")) store.drop(done.dataset.draftDone);

  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "file" && !one.closest(".held-back, [data-photos]"));
  const values = (form) => {
    const kept = {};
    for (const one of fields(form)) {
      if (one.type === "radio" || one.type === "checkbox") {
        if (one.checked) (kept[one.name] ??= []).push(one.value);
      } else if (one.value) kept[one.name] = one.value;
    }
    return kept;
  };
  const fill = (form, kept) => {
    for (const one of fields(form)) {
      const value = kept[one.name];
      // What the draft does not name stays: a star the mail chose, a name the link knows.
      if (value === undefined) continue;
      if (one.type === "radio" || one.type === "checkbox") one.checked = Array.isArray(value) && value.includes(one.value);
      else if (!one.readOnly) one.value = typeof value === "string" ? value : "";
      one.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const typed = (kept) => Boolean(kept && (kept.body || kept.title || kept.name));
  const holdsPhotos = (form) => Boolean(form.querySelector(".photo-staged"));
  // A link fills in the name by itself: that is nobody's typing.
  const written = (kept) => Boolean(kept.body || kept.title);

  const set = (root) => {
    for (const form of root.querySelectorAll("form[data-draft-key]")) {
      const key = form.dataset.draftKey;
      const offer = form.querySelector("[data-draft-offer]");
      const kept = store.read(key);
      const isRefused = Boolean(form.querySelector("[data-error-summary]"));
      if (offer && kept && (typed(kept.values) || kept.formId) && !isRefused && !written(values(form))) {
        offer.hidden = false;
        offer.querySelector("[data-draft-time]").textContent = new Date(kept.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        offer.querySelector("[data-draft-use]").addEventListener("click", () => {
          fill(form, kept.values);
          if (kept.formId) form.dispatchEvent(new CustomEvent("reviews:draft", { detail: { id: kept.formId, gone: kept.gone ?? [] } }));
          offer.hidden = true;
          form.querySelector("textarea").focus();
        });
        offer.querySelector("[data-draft-drop]").addEventListener("click", () => { store.drop(key); offer.hidden = true; });
      }
      let wait = 0;
      const keep = () => {
        clearTimeout(wait);
        wait = setTimeout(() => {
          const now = values(form);
          // Pictures lie with the shop under the form's id: the id brings them back.
          const formId = holdsPhotos(form) ? form.elements.form_id.value : "";
          // What was removed may still be on its way there: it stays removed.
          const gone = [...form.querySelectorAll("[name=photo_gone]")].map((one) => one.value);
          if (typed(now) || formId) store.write(key, { at: Date.now(), values: now, formId, gone });
        }, 300);
      };
      form.addEventListener("input", keep);
      form.addEventListener("reviews:photos", keep);
    }
  };
  set(document);
  document.addEventListener("reviews:form", (event) => set(event.target));
})();

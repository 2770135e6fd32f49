/* A form whose answer is a file leaves its page as it was: what the file changed there would not show. */
(() => {
  "use strict";
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-hand-over]");
    if (!form) return;
    event.preventDefault();
    let answer = null;
    try { answer = await fetch(form.action, { method: "POST", body: new FormData(form) }); } catch { /* Sent as any other. */ }
    const named = answer?.headers.get("Content-Disposition")?.match(/filename="([^"]+)"/);
    if (!answer?.ok || !named) return form.submit();
    const file = document.createElement("a");
    file.href = URL.createObjectURL(await answer.blob());
    file.download = named[1];
    file.click();
    setTimeout(() => location.assign(form.dataset.handOver), 500);
  });
})();

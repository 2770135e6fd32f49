// Keeps a list and a line fresh without a reload. Without it the Refresh links do the same.
(() => {
  const EVERY_MS = 2000;

  const ask = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? answer : null;
  };

  const every = (work) => {
    const turn = async () => {
      if (!document.hidden) {
        await work().catch(() => undefined);
      }
      setTimeout(turn, EVERY_MS);
    };
    setTimeout(turn, EVERY_MS);
  };

  // The line of the start page.
  const standing = document.querySelector("[data-standing]");
  if (standing) {
    every(async () => {
      const answer = await ask(standing.dataset.standing);
      const line = answer && (await answer.json()).line;
      if (line && line !== standing.textContent) {
        standing.textContent = line;
      }
    });
  }

  // Timeline and inbox: ask for the counts, and fetch the page only when they changed. What is open stays open.
  const live = document.querySelector("[data-live]");
  if (!live || new URLSearchParams(location.search).has("before")) {
    return;
  }
  let seen = null;

  const bringIn = (page) => {
    const fresh = page.querySelector("[data-live]");
    live.querySelector("[role=status]").replaceWith(fresh.querySelector("[role=status]"));
    const list = live.querySelector("ol");
    const arrived = [...fresh.querySelector("ol").children].filter((item) => item.id && !document.getElementById(item.id));
    if (arrived.length) {
      list.querySelectorAll(":scope > li:not([id])").forEach((item) => item.remove());
      list.prepend(...arrived);
    }
  };

  every(async () => {
    const answer = await ask(live.dataset.live);
    const now = answer && (await answer.text());
    // The first time too: something may have come between the page and this question.
    if (now && now !== seen) {
      const page = await ask(location.href);
      if (page) {
        bringIn(new DOMParser().parseFromString(await page.text(), "text/html"));
      }
    }
    seen = now ?? seen;
  });
})();

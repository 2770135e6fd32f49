(() => {
  "use strict";
  // Pictures that are still prepared when the page is made: looked for again, less and less often.
  const LOOKS = [3000, 4000, 8000, 15000, 30000, 60000];
  const waiting = () => [...document.querySelectorAll("[data-in-work]")];

  const look = async () => {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of waiting()) {
      const found = fresh.querySelector(`[data-photos-of="${old.dataset.photosOf}"]`);
      if (found && found.innerHTML !== old.innerHTML) old.replaceWith(document.adoptNode(found));
    }
  };
  const wait = (turn) => {
    if (turn >= LOOKS.length || !waiting().length) return;
    setTimeout(() => { look().catch(() => {}).finally(() => wait(turn + 1)); }, LOOKS[turn]);
  };
  wait(0);
})();

/* What waits for an answer is looked at again by itself, for half a minute; without script a link or a reload does it. */
(() => {
  "use strict";
  const PAUSE_MS = 1500;
  let looks = 20;
  const waiting = () => [...document.querySelectorAll("[data-live]")];

  const look = async () => {
    looks -= 1;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const place of waiting()) {
        // What somebody is at does not go from under their hands; the next look may find them elsewhere.
        if (place.contains(document.activeElement)) continue;
        const now = page.getElementById(place.id);
        if (now && now.innerHTML !== place.innerHTML) place.innerHTML = now.innerHTML;
        if (!now || !now.hasAttribute("data-live")) place.removeAttribute("data-live");
      }
    } catch { /* The next look may get through. */ }
    wait();
  };
  const wait = () => { if (looks > 0 && waiting().length) setTimeout(look, PAUSE_MS); };
  wait();
})();

/* A page that waits for an answer looks again by itself, for half a minute; without script its link does. */
(() => {
  "use strict";
  const PAUSE_MS = 1500;
  let looks = 20;
  const place = document.querySelector("[data-live]");
  if (!place) return;

  const look = async () => {
    looks -= 1;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(place.id);
      if (now && now.innerHTML !== place.innerHTML && !place.contains(document.activeElement)) place.innerHTML = now.innerHTML;
      if (!now || !now.hasAttribute("data-live")) return;
    } catch { /* The next look may get through. */ }
    if (looks > 0) setTimeout(look, PAUSE_MS);
  };
  setTimeout(look, PAUSE_MS);
})();

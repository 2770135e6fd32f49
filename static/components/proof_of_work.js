(() => {
  "use strict";
  // Solves the challenge the server asks for after too many reviews from one network.
  const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const solve = async (asked) => {
    const encode = new TextEncoder();
    for (let number = 0; number <= asked.maxNumber; number += 1) {
      const digest = await crypto.subtle.digest(asked.algorithm, encode.encode(asked.salt + number));
      if (hex(digest) === asked.challenge) return number;
    }
    throw new Error("no solution");
  };
  for (const field of document.querySelectorAll("input[data-proof-of-work]")) {
    const asked = JSON.parse(field.dataset.proofOfWork);
    const said = document.querySelector("[data-proof-said]");
    solve({ ...asked, maxNumber: asked.maxnumber ?? asked.maxNumber }).then((number) => {
      field.value = btoa(JSON.stringify({ ...asked, number }));
      if (said) said.textContent = said.dataset.done;
    }).catch(() => {
      // A page over plain http is given nothing to reckon with: then waiting is the way.
      if (said) said.textContent = said.dataset.alone;
    });
  }
})();

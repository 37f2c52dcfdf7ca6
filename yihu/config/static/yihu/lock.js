/* A desk that nobody sits at locks itself: after so many minutes without a hand in any tab, as if 锁屏 had been pressed. */
"use strict";

(() => {
  const form = document.querySelector("form[data-lock]");
  // a telephone locks itself, and a worker's page must wait in a basement without a network
  if (!form || !matchMedia("(pointer: fine)").matches) return;
  const limit = Number(form.dataset.lock) * 60_000;
  const HAND = "yihu:hand";
  const LOCKED = "yihu:locked";
  let here = Date.now();

  function write(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      /* No memory for all tabs: each tab counts for itself. */
    }
  }
  function elsewhere() {
    try {
      return Number(localStorage.getItem(HAND)) || 0;
    } catch {
      return 0;
    }
  }

  function touched() {
    const now = Date.now();
    if (now - here > 2000) write(HAND, String(now));
    here = now;
  }
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    addEventListener(sign, touched, { passive: true, capture: true });
  }

  let going = false;
  form.addEventListener("submit", () => {
    if (!going) write(LOCKED, String(Date.now()));
    going = true;
  });
  // locked in one tab, nothing may stay to be read in the others: each of them says so for itself
  addEventListener("storage", (event) => {
    if (event.key !== LOCKED || going) return;
    going = true;
    form.requestSubmit();
  });

  write(HAND, String(here));
  setInterval(() => {
    if (!going && Date.now() - Math.max(here, elsewhere()) >= limit) form.requestSubmit();
  }, 5000);
})();

/* The search box of the house: results while one types, arrow keys, Enter opens, Esc closes. */
"use strict";

yihu.each("[data-search]", (search) => {
  const box = search.querySelector("input");
  const list = search.querySelector("[role=listbox]");
  let active = null;

  const hits = () => [...list.querySelectorAll("a[role=option]")];

  function mark(hit) {
    active?.setAttribute("aria-selected", "false");
    active = hit || null;
    if (active) {
      active.setAttribute("aria-selected", "true");
      active.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", active.id);
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  function open(wanted) {
    const shown = wanted && list.childElementCount > 0;
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) mark(null);
  }

  function ask() {
    if (box.value.trim()) {
      box.dispatchEvent(new CustomEvent("yihu:typed", { bubbles: true }));
    } else {
      list.replaceChildren();
      open(false);
    }
  }
  box.addEventListener("input", (event) => { if (!event.isComposing) ask(); });
  box.addEventListener("compositionend", ask);
  box.addEventListener("focus", () => open(true));

  list.addEventListener("htmx:afterSwap", () => {
    active = null;
    const asked = box.value.trim() !== "" && document.activeElement === box;
    open(asked);
    mark(hits()[0]);                       // the phone rings: Enter takes the first
    if (waiting && active) active.click();
    waiting = false;
  });

  let waiting = false;                     // Enter came before the answer did
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = hits();
    const place = all.indexOf(active);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open(true);
      mark(all[(place + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (active && !list.hidden && !box.classList.contains("htmx-request")) active.click();
      else if (box.value.trim()) {
        waiting = true;
        ask();
      }
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) {
        box.value = "";
        box.blur();
      }
      open(false);
    }
  });
  box.addEventListener("htmx:beforeRequest", (event) => { if (!box.value.trim()) event.preventDefault(); });

  search.addEventListener("focusout", (event) => { if (!search.contains(event.relatedTarget)) open(false); });
  list.addEventListener("mousedown", (event) => event.preventDefault());   // keep the focus in the box
});

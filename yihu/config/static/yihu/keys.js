/* The keyboard: / search, letters of [data-key], Ctrl+Enter saves, Esc leaves, ? helps. Silent while typing and while an input method composes. */
"use strict";

(() => {
  const typing = (element) =>
    element.isContentEditable || ["textarea", "select"].includes(element.localName) ||
    (element.localName === "input" && !["checkbox", "radio", "button", "submit", "file", "range"].includes(element.type));

  const composing = (event) => event.isComposing || event.keyCode === 229;

  function formToSave() {
    const here = document.activeElement?.closest("form");
    if (here && here.method === "post" && !here.closest(".menu")) return here;
    return document.querySelector("form[data-primary]");
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composing(event)) return;

    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = formToSave();
      if (!form) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.button-main:not([disabled]), button:not([type=button], [disabled])"));
      return;
    }

    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) return;      // the dialog closes itself
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
        return;
      }
      const leave = document.querySelector("[data-leave]");
      if (leave) leave.click();
      else document.activeElement?.blur();
      return;
    }

    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;

    if (["/", "、", "／"].includes(event.key)) {
      const box = document.getElementById("search");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (["?", "？"].includes(event.key)) {
      event.preventDefault();
      document.getElementById("keys")?.showModal();
    } else {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.code === "KeyN" ? "n" : "";
      const target = key && /^[a-z]$/.test(key) ? document.querySelector(`main [data-key="${key}"]`) || document.querySelector(`[data-key="${key}"]`) : null;
      if (!target) return;
      event.preventDefault();
      target.click();
    }
  });

  /* Arrow keys walk through the rows of a list and of the board. */
  document.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.defaultPrevented || event.ctrlKey || event.altKey) return;
    const rows = [...document.querySelectorAll("#rows td:first-child a, a.board-row, .board-link, a.job")];
    const link = event.target;
    if (!rows.includes(link)) return;
    const next = rows[rows.indexOf(link) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();

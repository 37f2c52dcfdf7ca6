/* The board renews itself; what the dispatcher has opened stays open meanwhile. */
"use strict";

(() => {
  let open = [];
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "dispatch") return;
    open = [...event.detail.target.querySelectorAll("details[open]")].map((one) => one.id);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    open = [];
  });
  document.querySelector(".dispatch-filters")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
})();

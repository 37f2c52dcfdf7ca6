/* 并入此单: what was typed so far goes along to the form of the call. */
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-join-link]");
  const form = link && document.querySelector("form[data-primary]");
  if (!form) return;
  const url = new URL(link.href);
  for (const [from, to] of [["unit", "unit"], ["symptom", "content"], ["reporter", "caller_name"]]) {
    const typed = form.elements[from]?.value.trim();
    if (typed) url.searchParams.set(to, typed.slice(0, 200));
  }
  link.href = url.href;
}, true);

/* A click on a person takes him into the open form: data-fill-<field>="value". Where no form is open, the link opens one. */
"use strict";

document.addEventListener("click", (event) => {
  const source = event.target.closest("[data-fill]");
  const form = source && document.querySelector("form[data-primary]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();                 // what was typed so far must not be fetched away
  for (const { name, value } of source.attributes) {
    if (!name.startsWith("data-fill-")) continue;
    const field = form.elements[name.slice("data-fill-".length)];
    if (!field) continue;
    field.value = value;
    const element = field instanceof RadioNodeList ? [...field].find((one) => one.checked) : field;
    element?.dispatchEvent(new Event("input", { bubbles: true }));
    element?.dispatchEvent(new Event("change", { bubbles: true }));
  }
  (form.querySelector("[autofocus]:not([type=hidden])") || form.querySelector("textarea"))?.focus();
}, true);

/* Forms: one click saves once, areas grow with the text, filters work while one types, the first error gets the focus. */
"use strict";

yihu.lock = (form) => {
  form.dataset.sending = "";
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
  });
};
yihu.unlock = (form) => {
  delete form.dataset.sending;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = false;
  });
};

/* Capture: a second submit is stopped before anybody else sees it. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.target === "_blank") return;
  if ("sending" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  yihu.lock(form);
}, true);
addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(yihu.unlock));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) yihu.unlock(form);
});

/* What is missing, said under its field before anything is sent; true if nothing is. */
yihu.complete = (form) => {
  const wrong = [...form.elements].filter((element) => element.willValidate && !element.validity.valid && element.getClientRects().length);
  for (const element of wrong) {
    const field = element.closest(".field") || element.parentElement;
    if (field.querySelector(".error")) continue;
    const choose = element.localName === "select" || ["radio", "checkbox", "file"].includes(element.type);
    const said = yihu.make("p", { class: "error", id: `${element.id}_missing` }, element.validity.valueMissing ? (choose ? "请选择或勾选。" : "请填写。") : "请核对填写的内容。");
    field.classList.add("field-wrong");
    field.append(said);
    element.setAttribute("aria-invalid", "true");
    element.setAttribute("aria-describedby", said.id);
    const forget = () => {
      said.remove();
      field.classList.remove("field-wrong");
      element.removeAttribute("aria-invalid");
      element.removeAttribute("aria-describedby");
    };
    field.addEventListener("input", forget, { once: true });
    field.addEventListener("change", forget, { once: true });
  }
  wrong[0]?.focus({ preventScroll: true });
  (wrong[0]?.closest(".field") || wrong[0])?.scrollIntoView({ block: "center" });
  return wrong.length === 0;
};

/* Text areas as high as their text. */
yihu.each("textarea[data-grow]", (area) => {
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  };
  area.addEventListener("input", grow);
  if (area.value) requestAnimationFrame(grow);
});

/* Text filters say when something was typed; an input method is let finish first. */
yihu.each(".filters", (form) => {
  const tell = (event) => {
    if (event.isComposing || !["text", "search"].includes(event.target.type)) return;
    form.dispatchEvent(new CustomEvent("yihu:typed", { bubbles: true }));
  };
  form.addEventListener("input", tell);
  form.addEventListener("compositionend", tell);
});

/* A row is as good as its link; selecting text in it is not a click. */
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-url]");
  if (!row || event.target.closest("a, button, input, label, select") || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.url, "_blank", "noopener");
  else location.assign(row.dataset.url);
});

/* After an answer with errors the person lands on the first of them. */
yihu.each("[data-errors]", (banner) => {
  const wrong = banner.closest("form")?.querySelector(".field-wrong :is(input:not([type=hidden]), select, textarea, canvas)");
  (wrong || banner).focus({ preventScroll: true });
  (wrong?.closest(".field") || banner).scrollIntoView({ block: "center" });
});

/* Parts of a form that only concern one answer: data-when="field=value value2". */
yihu.each("[data-when]", (part) => {
  const form = part.closest("form");
  const [name, values] = part.dataset.when.split("=");
  const wanted = values.split(" ");
  const look = () => {
    const given = new FormData(form).getAll(name);
    part.hidden = !given.some((value) => wanted.includes(value));
  };
  form.addEventListener("change", look);
  look();
});

/* With a keyboard at hand one can type at once: the first thing still to be filled has the focus. */
yihu.each("form[data-primary]", (form) => {
  if (!matchMedia("(pointer: fine)").matches || form.querySelector("[autofocus], [data-errors]")) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  const open = [...form.elements].find((element) => {
    if (element.disabled || !element.getClientRects().length) return false;
    if (element.type === "radio") return !form.querySelector(`[name="${CSS.escape(element.name)}"]:checked`);
    return element.matches("textarea, select, input:not([type=checkbox], [type=file])") && !element.value;
  });
  open?.focus({ preventScroll: true });
});

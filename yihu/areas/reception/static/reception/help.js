/* What stands beside the form of a contact: an answer goes into it with one press, and the guides follow channel and category. */
"use strict";

(() => {
  const form = document.querySelector("form[data-primary]");
  if (!form) return;

  function put(name, value, { add = false } = {}) {
    const field = form.elements[name];
    if (!field || field.value.includes(value)) return;
    field.value = add && field.value ? `${field.value}\n${value}` : value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function take({ answer, question, text }) {
    const chosen = form.elements.knowledge;
    const numbers = chosen.value ? chosen.value.split(",") : [];
    if (!numbers.includes(answer)) chosen.value = [...numbers, answer].join(",");
    if (!form.elements.answered.checked) form.elements.answered.click();
    if (!new FormData(form).get("category")) form.querySelector('[name="category"][value="other"]')?.click();
    if (!form.elements.content.value.trim()) put("content", question);
    put("result", text, { add: true });
    form.querySelector("button.button-main")?.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer]");
    if (button) take(button.dataset);
  });

  /* One press: what is off just now is the answer, and the call is logged. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-standing]");
    if (!button) return;
    put("joins", button.dataset.standing);
    if (!form.elements.answered.checked) form.elements.answered.click();
    if (!new FormData(form).get("category")) form.querySelector('[name="category"][value="other"]')?.click();
    if (!form.elements.content.value.trim()) put("content", button.dataset.question);
    put("result", button.dataset.text, { add: true });
    form.requestSubmit(form.querySelector("button.button-main"));
  });

  /* One press: the call is tied to what is under way; no second order, no second complaint is opened. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-join]");
    if (!button) return;
    form.elements.joins_job.value = button.dataset.join;
    form.elements.urges.value = "urges" in button.dataset ? "on" : "";
    form.querySelector(`[name="category"][value="${button.dataset.category}"]`).checked = true;
    if (form.elements.answered.checked) form.elements.answered.click();
    if (!form.elements.content.value.trim()) put("content", button.dataset.question);
    form.requestSubmit(form.querySelector("button.button-main"));
  });

  /* Enter in the search box takes the first answer. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-answers]")) return;
    event.preventDefault();
    const first = document.querySelector("#answers [data-answer]");
    if (first && event.target.elements.q.value.trim()) take(first.dataset);
  });

  const guides = [...document.querySelectorAll("[data-guide]")];
  function look() {
    const given = new FormData(form);
    let best = null;
    let most = -1;
    for (const guide of guides) {
      const wanted = ["channel", "category"].filter((name) => guide.dataset[name]);
      guide.hidden = wanted.some((name) => guide.dataset[name] !== given.get(name));
      if (!guide.hidden && wanted.length > most) [best, most] = [guide, wanted.length];
    }
    for (const guide of guides) guide.open = guide === best;
  }
  form.addEventListener("change", (event) => {
    if (["channel", "category"].includes(event.target.name)) look();
  });
  look();
})();

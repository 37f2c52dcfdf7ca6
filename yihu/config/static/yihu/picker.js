/* A box one types into and chooses from; the choice goes into the hidden input. The address answers {results: [{value, text, sub}]}; a result may
   also say what it fills into the fields beside it ({fills: {trade: "water"}}) and what is to be said to the caller ({note}). */
"use strict";

yihu.each("[data-picker]", (picker) => {
  const box = picker.querySelector("input[type=text]");
  const hidden = picker.querySelector("input[type=hidden]");
  const list = yihu.make("div", { class: "picker-list", role: "listbox", id: `${box.id}_list`, "aria-label": "可选项" });
  list.hidden = true;
  picker.append(list);
  box.setAttribute("aria-controls", list.id);

  let active = null;
  let chosen = box.value;
  let timer = 0;
  let asking = null;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(option) {
    active?.setAttribute("aria-selected", "false");
    active = option || null;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) box.setAttribute("aria-activedescendant", active.id);
    else box.removeAttribute("aria-activedescendant");
  }
  function open(wanted) {
    list.hidden = !wanted;
    box.setAttribute("aria-expanded", String(wanted));
    if (!wanted) mark(null);
  }
  function set(value, text) {
    hidden.value = value;
    box.value = chosen = text;
    picker.classList.remove("picker-loose");
    open(false);
    hidden.dispatchEvent(new Event("input", { bubbles: true }));
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Choices follow what was picked; text that somebody typed stays. A form within a form has its prefix on every name. */
  function fill({ fills = {}, note = "" }) {
    const prefix = hidden.name.slice(0, hidden.name.lastIndexOf("-") + 1);
    for (const [name, value] of Object.entries(fills)) {
      const field = hidden.form?.elements[prefix + name];
      if (!field || !value || (field.type === "textarea" && field.value.trim())) continue;
      field.value = value;
      const element = field instanceof RadioNodeList ? [...field].find((one) => one.checked) : field;
      element?.dispatchEvent(new Event("input", { bubbles: true }));
      element?.dispatchEvent(new Event("change", { bubbles: true }));
    }
    picker.querySelector(".picker-said")?.remove();
    if (note) picker.append(yihu.make("p", { class: "help picker-said", role: "status" }, note));
  }

  async function ask() {
    const text = box.value.trim();
    if (!text) return open(false);
    asking?.abort();
    asking = new AbortController();
    const url = new URL(picker.dataset.url, location.href);
    url.searchParams.set("q", text);
    let results = [];
    try {
      const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (yihu.isSignIn(answer.url)) return yihu.signInAgain();
      results = (await answer.json()).results;
    } catch (error) {
      if (error.name === "AbortError") return;
      list.replaceChildren(yihu.make("div", { class: "picker-note" }, "网络不通，暂时查不到。"));
      return open(true);
    }
    list.replaceChildren(...results.map((result, place) => {
      const option = yihu.make("div", { class: "picker-option", role: "option", id: `${list.id}_${place}`, "aria-selected": "false" }, yihu.make("b", {}, result.text));
      if (result.sub) option.append(yihu.make("span", {}, result.sub));
      option.addEventListener("click", () => { set(result.value, result.text); fill(result); });
      return option;
    }));
    if (!results.length) list.append(yihu.make("div", { class: "picker-note" }, `没有找到“${text}”。`));
    open(true);
    mark(options()[0]);
  }

  function typed() {
    if (box.value !== chosen && hidden.value) {
      hidden.value = "";
      hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }
    chosen = hidden.value ? chosen : "";
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  }
  box.addEventListener("input", (event) => { if (!event.isComposing && event.isTrusted) typed(); });
  box.addEventListener("compositionend", typed);
  box.addEventListener("focus", () => box.select());
  list.addEventListener("mousedown", (event) => event.preventDefault());

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const all = options();
    const place = all.indexOf(active);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else if (all.length) mark(all[(place + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      active?.click();
    } else if (event.key === "Tab" && active && !list.hidden) {
      active.click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    }
  });
  picker.addEventListener("focusout", (event) => {
    if (picker.contains(event.relatedTarget)) return;
    open(false);
    picker.classList.toggle("picker-loose", Boolean(box.value.trim()) && !hidden.value);
  });
});

/* Nothing typed is lost: forms with data-draft are mirrored in this tab's memory until they are saved. */
"use strict";

yihu.drafts = (() => {
  const address = (name) => `draft:${yihu.meta("person")}:${name}`;
  const skipped = (element) =>
    !element.name || ["csrfmiddlewaretoken", "version"].includes(element.name) ||
    ["file", "password", "submit", "button"].includes(element.type) || "noDraft" in element.dataset;

  function read(name) {
    try {
      return JSON.parse(sessionStorage.getItem(address(name)));
    } catch {
      return null;
    }
  }
  function write(name, draft) {
    try {
      sessionStorage.setItem(address(name), JSON.stringify(draft));
    } catch {
      /* The memory of the tab is full: the form itself still holds everything. */
    }
  }
  function clear(tagged) {
    const name = tagged.replace(/^draft:/, "");
    const draft = read(name);
    if (draft?.outbox) yihu.outbox?.remove(draft.outbox);
    sessionStorage.removeItem(address(name));
  }
  function clearAll() {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(address(""))) sessionStorage.removeItem(key);
  }

  function valuesOf(form) {
    const fields = {};
    for (const element of form.elements) {
      if (skipped(element)) continue;
      fields[element.name] ||= [];
      if (["checkbox", "radio"].includes(element.type)) {
        if (element.checked) fields[element.name].push(element.value);
      } else if (element.localName === "select") {
        fields[element.name].push(...[...element.selectedOptions].map((option) => option.value));
      } else {
        fields[element.name].push(element.value);
      }
    }
    const shown = {};
    for (const picker of form.querySelectorAll("[data-picker]")) {
      shown[picker.querySelector("[type=hidden]").name] = picker.querySelector("[type=text]").value;
    }
    return { fields, shown };
  }

  function fill(form, draft) {
    const seen = {};
    const touched = [];
    for (const element of form.elements) {
      if (skipped(element) || !(element.name in draft.fields)) continue;
      if (element.name === "key" && draft.outbox) continue;
      const values = draft.fields[element.name];
      if (["checkbox", "radio"].includes(element.type)) {
        const wanted = values.includes(element.value);
        if (element.checked !== wanted) {
          element.checked = wanted;
          touched.push(element);
        }
      } else if (element.localName === "select") {
        for (const option of element.options) option.selected = values.includes(option.value);
        touched.push(element);
      } else {
        const place = seen[element.name] = (seen[element.name] ?? -1) + 1;
        const value = values[place] ?? "";
        if (element.value !== value) {
          element.value = value;
          touched.push(element);
        }
      }
    }
    for (const picker of form.querySelectorAll("[data-picker]")) {
      const name = picker.querySelector("[type=hidden]").name;
      if (draft.shown?.[name]) picker.querySelector("[type=text]").value = draft.shown[name];
    }
    for (const element of touched) {
      element.dispatchEvent(new Event("input", { bubbles: true }));
      element.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const same = (one, other) => {
    const strip = ({ key, at, ...fields }) => JSON.stringify(fields);
    return strip(one) === strip(other);
  };

  function keep(form) {
    const name = form.dataset.draft;
    const blank = valuesOf(form);
    const draft = "bound" in form.dataset ? null : read(name);
    if (draft && !same(draft.fields, blank.fields)) {
      fill(form, draft);
      if (draft.outbox) yihu.outbox?.restoreFiles(draft.outbox, form);
      const forget = yihu.make("button", { class: "button button-small", type: "button" }, "放弃，重新填写");
      forget.addEventListener("click", () => {
        clear(name);
        gone = true;
        location.reload();
      });
      form.prepend(yihu.make("p", { class: "restored", role: "status" }, "已恢复上次没有提交的内容。", forget));
    }
    let gone = false;
    let timer = 0;
    const save = () => {
      clearTimeout(timer);
      if (gone || !form.isConnected) return;
      const values = valuesOf(form);
      if (!same(values.fields, blank.fields) || "bound" in form.dataset) write(name, { ...values, outbox: read(name)?.outbox });
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(save, 250);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", save);
    form.addEventListener("yihu:stored", () => { gone = true; });
    addEventListener("pagehide", save);
    if ("bound" in form.dataset) save();
  }

  function clearSaved() {
    const name = yihu.meta("saved-draft");
    if (name) clear(name);
    for (const element of document.querySelectorAll("[data-saved-draft]")) clear(element.dataset.savedDraft);
  }

  clearSaved();
  document.addEventListener("htmx:load", clearSaved);
  document.addEventListener("saved-draft", (event) => clear(event.detail?.value ?? event.detail));
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-sign-out]")) clearAll(); });
  addEventListener("DOMContentLoaded", () => yihu.each("form[data-draft]", keep));

  return { clear, read, write, valuesOf };
})();

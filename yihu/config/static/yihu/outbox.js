/* Forms with data-offline: sent in the background, kept on this device while there is no network, sent again with the same key. */
"use strict";

yihu.outbox = (() => {
  const person = () => yihu.meta("person");

  /* ---- the store ---- */
  const opened = new Promise((resolve) => {
    if (!("indexedDB" in window)) return resolve(null);
    const asked = indexedDB.open("yihu", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  });
  async function store(mode, work) {
    const database = await opened;
    if (!database) throw new Error("no store");
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("outbox", mode);
      const asked = work(transaction.objectStore("outbox"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  const all = () => store("readonly", (items) => items.getAll()).catch(() => []);
  const put = (item) => store("readwrite", (items) => items.put(item)).then(paint);
  const remove = (id) => store("readwrite", (items) => items.delete(id)).then(paint);

  /* ---- sending ---- */
  function post(url, fields) {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, name === "csrfmiddlewaretoken" ? yihu.csrf() : value);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 60_000);
    return fetch(url, { method: "POST", body, credentials: "same-origin", signal: stop.signal, headers: { "X-CSRFToken": yihu.csrf(), "X-Outbox": "1" } })
      .finally(() => clearTimeout(timer));
  }

  async function submit(form, submitter) {
    const at = form.querySelector("input[name=at]");
    if (at && !at.value) at.value = new Date(yihu.now()).toISOString();
    const fields = [...new FormData(form, submitter)];
    const url = submitter?.formAction && submitter.hasAttribute("formaction") ? submitter.formAction : form.action;
    let answer, html;
    try {
      answer = await post(url, fields);
      html = await answer.text();
    } catch {
      return lay(form, url, fields);
    }
    yihu.unlock(form);
    if (yihu.isSignIn(answer.url)) return yihu.signInAgain();
    if (answer.ok) {
      form.dispatchEvent(new CustomEvent("yihu:stored"));
      if (answer.redirected && form.dataset.draft) yihu.drafts.clear(form.dataset.draft);
      return yihu.show(html, answer.url);
    }
    if ([403, 409, 422].includes(answer.status) && html.includes('id="main" tabindex')) {
      form.dispatchEvent(new CustomEvent("yihu:stored"));
      yihu.show(html, url, { push: false });
      return refill(document.querySelector("form[data-offline]"), fields);
    }
    yihu.banner(yihu.sentenceOf(html) || "没有保存成功，请再试一次。");
  }

  /* A file box that comes back empty with an error page is filled again. */
  function refill(form, fields) {
    if (!form) return;
    const names = new Set(fields.filter(([, value]) => value instanceof File && value.size).map(([name]) => name));
    for (const name of names) {
      const input = form.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
      if (!input) continue;
      const carrier = new DataTransfer();
      for (const [given, value] of fields) if (given === name && value.size) carrier.items.add(value);
      input.files = carrier.files;
      input.dispatchEvent(new CustomEvent("yihu:files", { bubbles: true }));
    }
  }

  async function lay(form, url, fields) {
    const id = form.querySelector("input[name=key]")?.value || crypto.getRandomValues(new Uint32Array(4)).join("-");
    const item = { id, person: person(), url, page: location.pathname + location.search, draft: form.dataset.draft || "", title: form.dataset.title || document.title, fields, at: new Date(yihu.now()).toISOString(), trouble: "" };
    try {
      await put(item);
    } catch {
      yihu.unlock(form);
      yihu.banner("没有网络，本机也存不下。内容还在这一页上，请不要关闭，有网络后再提交。");
      return;
    }
    form.dispatchEvent(new CustomEvent("yihu:stored"));
    if (item.draft) sessionStorage.removeItem(`draft:${person()}:${item.draft}`);
    const said = yihu.banner("没有网络。内容和照片已存在本机，有网络后自动发送，不必重填。", { kind: "warning" });
    form.inert = true;
    form.classList.add("stored");
    said.tabIndex = -1;
    said.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-offline]")) return;
    event.preventDefault();
    submit(form, event.submitter);
  });

  let busy = false;
  async function send() {
    if (busy) return;
    busy = true;
    try {
      for (const item of await all()) {
        if (item.person !== person() || item.trouble) continue;
        let answer;
        try {
          answer = await post(item.url, item.fields);
        } catch {
          break;                                                  // still no network
        }
        if (yihu.isSignIn(answer.url)) {
          yihu.signInAgain();
          break;
        }
        if (answer.ok) {
          if (item.draft) yihu.drafts.clear(item.draft);
          await remove(item.id);
          yihu.toast(`已发送：${item.title}`);
        } else if (answer.status >= 500) {
          break;                                                  // the server is unwell: later
        } else {
          await put({ ...item, trouble: yihu.sentenceOf(await answer.text()) || "没有被接受，请打开核对。" });
        }
      }
    } finally {
      busy = false;
      paint();
    }
  }

  /* ---- showing ---- */
  async function paint() {
    const items = await all();
    for (const pill of document.querySelectorAll("[data-outbox-pill]")) {
      const stuck = items.some((item) => item.trouble);
      pill.hidden = items.length === 0;
      pill.classList.toggle("outbox-stuck", stuck);
      pill.querySelector("span").textContent = stuck ? `${items.length} 条要核对` : `待发送 ${items.length}`;
    }
    for (const list of document.querySelectorAll("[data-outbox-list]")) {
      list.replaceChildren(...items.map(line));
      if (!items.length) list.append(yihu.make("li", { class: "quiet" }, "没有待发送的内容。"));
    }
  }

  function line(item) {
    const mine = item.person === person();
    const photos = item.fields.filter(([, value]) => value instanceof File && value.size).length;
    const row = yihu.make("li", {}, yihu.make("b", {}, item.title), yihu.make("div", { class: "quiet small" },
      `${new Date(item.at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" })}${photos ? ` · 照片 ${photos} 张` : ""}${mine ? "" : " · 由另一位同事填写，他登录后发送"}`));
    if (item.trouble) row.append(yihu.make("p", { class: "error" }, item.trouble));
    if (!mine || !item.trouble) return row;
    const open = yihu.make("button", { class: "button button-small", type: "button" }, "打开修改");
    open.addEventListener("click", () => {
      const fields = {};
      for (const [name, value] of item.fields) if (typeof value === "string") (fields[name] ||= []).push(value);
      yihu.drafts.write(item.draft, { fields, shown: {}, outbox: item.id });
      location.assign(item.page);
    });
    const drop = yihu.make("button", { class: "button button-small button-risky", type: "button" }, "删除");
    drop.addEventListener("click", () => {
      if (drop.dataset.sure) remove(item.id);
      drop.dataset.sure = "1";
      drop.textContent = "确认删除";
    });
    row.append(yihu.make("div", { class: "buttons" }, open, drop));
    return row;
  }

  async function restoreFiles(id, form) {
    const item = (await all()).find((one) => one.id === id);
    if (item) refill(form, item.fields);
  }

  addEventListener("online", send);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-outbox-send]")) send(); });
  document.body.addEventListener("yihu:tick", () => { if (navigator.onLine) send(); });
  document.addEventListener("htmx:load", (event) => { if (event.target === document.body) paint(); });
  paint();
  if (navigator.onLine && person()) send();

  return { remove, restoreFiles, send };
})();

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
  /* In the order in which they were filled in. */
  const all = () => store("readonly", (items) => items.getAll()).then((items) => items.sort((one, other) => one.at.localeCompare(other.at)), () => []);
  const put = (item) => store("readwrite", (items) => items.put(item)).then(paint);
  const remove = (id) => store("readwrite", (items) => items.delete(id)).then(paint);

  /* ---- what belongs together ---- */
  const pathOf = (url) => new URL(url, location.href).pathname;
  /* The steps of one record go out in their order; anything else stands alone. */
  const recordOf = (url) => pathOf(url).match(/^(.+\/)do\/[^/]+\/$/)?.[1] || "";
  const mine = (item) => item.person === person();
  /* The forms of this page that were put by: the page is ahead of the server until they have arrived. */
  const ahead = new Set();
  const isAhead = (url) => Boolean(recordOf(url)) && [...ahead].some((other) => recordOf(other) === recordOf(url));

  /* ---- sending ---- */
  function post(url, fields, waited) {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, name === "csrfmiddlewaretoken" ? yihu.csrf() : value);
    const stop = new AbortController();
    const heavy = fields.some(([, value]) => value instanceof File && value.size);
    const timer = setTimeout(() => stop.abort(), heavy ? 60_000 : 20_000);
    return fetch(url, { method: "POST", body, credentials: "same-origin", signal: stop.signal, headers: { "X-CSRFToken": yihu.csrf(), "X-Outbox": waited ? "1" : "0" } })
      .finally(() => clearTimeout(timer));
  }

  async function submit(form, submitter) {
    const at = form.querySelector("input[name=at]");
    if (at && !at.value) at.value = new Date(yihu.now()).toISOString();
    const fields = [...new FormData(form, submitter)];
    const url = submitter?.formAction && submitter.hasAttribute("formaction") ? submitter.formAction : form.action;
    const corrects = form.dataset.draft ? yihu.drafts.read(form.dataset.draft)?.outbox : null;
    if (!corrects && isAhead(url)) {
      await lay(form, url, fields);
      return send();
    }
    let answer, html;
    try {
      answer = await post(url, fields, Boolean(corrects));
      html = await answer.text();
    } catch {
      return lay(form, url, fields, corrects);
    }
    yihu.unlock(form);
    if (yihu.isSignIn(answer.url)) {
      if (at) at.value = "";
      return yihu.signInAgain();
    }
    if (answer.ok) {
      form.dispatchEvent(new CustomEvent("yihu:stored"));
      if (answer.redirected && form.dataset.draft) yihu.drafts.clear(form.dataset.draft);
      yihu.show(html, answer.url);
      return corrects ? send() : undefined;
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

  /* Put a form by. One that says data-offline="stay" leaves the page usable for the next step. */
  async function lay(form, url, fields, corrects = null) {
    const stays = form.dataset.offline === "stay";
    if (!yihu.complete(form)) return yihu.unlock(form);           // nobody could ask again down there
    const id = form.querySelector("input[name=key]")?.value || fresh();
    const earlier = corrects && (await all()).find((one) => one.id === corrects);
    const at = earlier?.at || form.querySelector("input[name=at]")?.value || new Date(yihu.now()).toISOString();
    const item = { id, person: person(), url, page: location.pathname + location.search, draft: form.dataset.draft || "", title: form.dataset.title || document.title, words: wordsOf(form), fields, at, trouble: "" };
    try {
      if (recordOf(url)) ahead.add(pathOf(url));
      await put(item);
      if (earlier) await remove(earlier.id);
    } catch {
      ahead.delete(pathOf(url));
      yihu.unlock(form);
      yihu.banner("没有网络，本机也存不下。内容还在这一页上，请不要关闭，有网络后再提交。");
      return;
    }
    touched.delete(form);
    if (item.draft) sessionStorage.removeItem(`draft:${person()}:${item.draft}`);
    if (stays) {
      yihu.toast("已存在本机，有网络后自动发送");
      form.reset();
      for (const [name, value] of [["key", fresh()], ["at", ""]]) if (form.elements[name]) form.elements[name].value = value;
      return yihu.unlock(form);
    }
    form.dispatchEvent(new CustomEvent("yihu:stored"));
    const said = yihu.banner(navigator.onLine ? "前面的内容还在发送，这一条排在后面，不必重填。" : "没有网络。内容和照片已存在本机，有网络后自动发送，不必重填。", { kind: "warning" });
    form.inert = true;
    form.classList.add("stored");
    said.tabIndex = -1;
    said.focus();
  }
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /* What a person recognises of it: 阀芯 · 2 · 35 */
  const wordsOf = (form) => [...form.querySelectorAll("input:is([type=text], [type=number]), textarea")]
    .map((element) => element.value.trim().slice(0, 40)).filter(Boolean).slice(0, 4).join(" · ");

  /* Forms in which something was typed that has not been put by: the page must not be renewed under them. */
  const touched = new Set();
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => { if (event.target.form?.matches("[data-offline]")) touched.add(event.target.form); });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-offline]")) return;
    event.preventDefault();
    if ("check" in form.dataset && !yihu.complete(form)) return yihu.unlock(form);
    submit(form, event.submitter);
  });

  let busy = false;
  let again = false;
  async function send() {
    again = busy;
    if (busy) return;
    busy = true;
    const sent = [];
    try {
      for (let item; (item = await next());) {
        let answer;
        try {
          answer = await post(item.url, item.fields, true);
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
          sent.push(item);
        } else if (answer.status >= 500) {
          break;                                                  // the server is unwell: later
        } else {
          await put({ ...item, trouble: await troubleOf(answer) });
        }
      }
    } finally {
      busy = false;
      await renew(sent);
      if (sent.length) yihu.toast(sent.length > 1 ? `已发送 ${sent.length} 条` : `已发送：${sent[0].title}`);
      paint();
      if (again && navigator.onLine) send();
    }
  }

  /* The next one that may go. What follows one that was refused on the same record waits until that is put right. */
  async function next() {
    const stuck = new Set();
    for (const item of (await all()).filter(mine)) {
      const record = recordOf(item.url);
      if (item.trouble && record) stuck.add(record);
      if (!item.trouble && !stuck.has(record)) return item;
    }
    return null;
  }

  async function troubleOf(answer) {
    if (answer.status === 404) return "这条记录您现在看不到，可能已转给别人。请核对后删除，或联系主管。";
    return yihu.sentenceOf(await answer.text()) || "没有被接受，请打开核对。";
  }

  /* The page was ahead of the server; once all has arrived, it is shown as it now stands there. */
  async function renew(sent) {
    const concerns = sent.some((item) => recordOf(item.url) === location.pathname);
    if (!concerns && !isAhead(`${location.pathname}do/any/`)) return;
    const waiting = (await all()).some((item) => mine(item) && !item.trouble && recordOf(item.url) === location.pathname);
    if (waiting || [...touched].some((form) => form.isConnected)) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Poll": "1" } });
      if (answer.ok && !yihu.isSignIn(answer.url)) yihu.show(await answer.text(), location.href, { push: false });
    } catch {
      /* The network went again: the page stays as it is. */
    }
  }

  /* ---- showing ---- */
  async function paint() {
    const items = await all();
    advance(items);
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

  /* Without a network the page goes on by itself: a part shows after one form was put by (data-after) and until another was (data-until). */
  function advance(items) {
    const stuck = new Set(items.filter((item) => mine(item) && item.trouble).map((item) => recordOf(item.url)));
    for (const item of items) {
      if (mine(item) && recordOf(item.url) && !stuck.has(recordOf(item.url))) ahead.add(pathOf(item.url));
    }
    for (const part of document.querySelectorAll("[data-after], [data-until]")) {
      const { after, until } = part.dataset;
      const hidden = Boolean((after && !ahead.has(after)) || until?.split(" ").some((url) => ahead.has(url)));
      if (part.hidden !== hidden && !hidden) yihu.steady(part);
      part.hidden = hidden;
    }
    for (const list of document.querySelectorAll("[data-outbox-of]")) {
      const here = items.filter((item) => mine(item) && recordOf(item.url) === list.dataset.outboxOf);
      list.replaceChildren(...here.map(line));
      (list.closest("[data-outbox-panel]") || list).hidden = here.length === 0;
    }
  }

  function line(item) {
    const own = mine(item);
    const photos = item.fields.filter(([, value]) => value instanceof File && value.size).length;
    const row = yihu.make("li", {}, yihu.make("b", {}, item.title), own && item.words ? `：${item.words}` : "", yihu.make("div", { class: "quiet small" },
      `${new Date(item.at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" })}${photos ? ` · 照片 ${photos} 张` : ""}${own ? "" : " · 由另一位同事填写，他登录后发送"}`));
    if (item.trouble) row.append(yihu.make("p", { class: "error" }, item.trouble));
    if (!own || !item.trouble) return row;
    const open = yihu.make("button", { class: "button button-small", type: "button" }, "打开修改");
    open.addEventListener("click", () => {
      const fields = {};
      for (const [name, value] of item.fields) if (typeof value === "string") (fields[name] ||= []).push(value);
      if (item.draft) yihu.drafts.write(item.draft, { fields, shown: {}, outbox: item.id });
      location.assign(item.page);
    });
    const drop = yihu.make("button", { class: "button button-small button-risky", type: "button" }, "删除");
    drop.addEventListener("click", () => {
      if (drop.dataset.sure) return remove(item.id).then(send);
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
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) return;
    ahead.clear();                                                // a new page: what still waits puts it ahead again
    touched.clear();
    paint();
  });
  paint();
  if (navigator.onLine && person()) send();

  return { remove, restoreFiles, send };
})();

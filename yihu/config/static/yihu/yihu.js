/* What the other scripts share: starting on elements, talking to the person, the server's clock, dialogs, lost sign-ins. */
"use strict";

window.yihu = (() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";

  /* Run `start` once on every element that matches, now and whenever htmx brings new ones. */
  function each(selector, start) {
    const seen = new WeakSet();
    const run = (root) => {
      const found = [...root.querySelectorAll(selector)];
      if (root.matches?.(selector)) found.unshift(root);
      for (const element of found) {
        if (seen.has(element)) continue;
        seen.add(element);
        start(element);
      }
    };
    run(document);
    document.addEventListener("htmx:load", (event) => run(event.target));
  }

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function icon(name) {
    const sample = document.querySelector(".icon use");
    const sheet = sample ? sample.getAttribute("href").split("#")[0] : "";
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sheet}#${name}`);
    svg.append(use);
    return svg;
  }

  /* A passing word of success. */
  function toast(text) {
    const box = document.getElementById("toasts");
    if (!box) return;
    for (const other of [...box.children]) if (other.textContent === text) other.remove();
    const element = make("div", { class: "toast" }, icon("check"), make("span", {}, text));
    box.append(element);
    setTimeout(() => element.classList.add("toast-leaving"), 6000);
    setTimeout(() => element.remove(), 6400);
  }

  /* A word of trouble stays where the person looks, until the next one or until it is dealt with. */
  function banner(text, { kind = "error", before = null, link = null } = {}) {
    document.querySelectorAll("[data-said]").forEach((old) => old.remove());
    const body = make("div", { class: "banner-body" }, text);
    if (link) body.append(" ", make("a", { href: link.href, target: link.target || "_self" }, link.label));
    const element = make("div", { class: `banner banner-${kind}`, role: "alert", "data-said": "" }, icon("warning"), body);
    const place = before || document.getElementById("main");
    if (before) before.prepend(element); else place.prepend(element);
    element.scrollIntoView({ block: "nearest" });
    return element;
  }

  /* The server's clock, for desks whose own clock is wrong. */
  const skew = (() => {
    const told = Date.parse(meta("now"));
    const off = told - Date.now();
    return Number.isFinite(off) && Math.abs(off) > 90_000 ? off : 0;
  })();
  const now = () => Date.now() + skew;

  function csrf() {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
    } catch {
      return "";
    }
  }

  const isSignIn = (url) => {
    const path = meta("sign-in");
    return Boolean(path && url) && new URL(url, location.href).pathname === path && location.pathname !== path;
  };

  function signInAgain() {
    const href = `${meta("sign-in")}?next=${encodeURIComponent(location.pathname + location.search)}`;
    banner("登录已过期。已填写的内容都还在，重新登录后会自动恢复。", { kind: "warning", link: { href, label: "重新登录" } });
  }

  /* The heading and the sentence of an error page, to be said without leaving the page one is on. */
  function sentenceOf(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const said = page.querySelector("[role=alert] .banner-body, .card p:not(.brand), main p");
    const heading = page.querySelector("main h1");
    return [heading?.textContent.trim(), said?.textContent.trim()].filter(Boolean).join("：").replace(/\s+/g, " ");
  }

  /* Put a whole answered page in place of this one, as if the browser had gone there. */
  function show(html, url, { push = true } = {}) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const name of ["now", "person", "saved-draft"]) {
      document.querySelector(`meta[name="${name}"]`)?.remove();
      const given = page.querySelector(`meta[name="${name}"]`);
      if (given) document.head.append(given);
    }
    if (push && new URL(url, location.href).href !== location.href) history.pushState({ shown: true }, "", url);
    document.title = page.title;
    for (const name of ["class", "hx-headers"]) document.body.setAttribute(name, page.body.getAttribute(name) || "");
    document.body.replaceChildren(...page.body.childNodes);
    window.htmx?.process(document.body);
    document.body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    steady(document.body);
    scrollTo(0, 0);
  }
  /* Where a button has just changed under the finger, the second half of a double tap must not press the new one. */
  function steady(root) {
    for (const button of root.querySelectorAll(".act-main button:not(:disabled)")) {
      button.disabled = true;
      setTimeout(() => { if (!button.form || !("sending" in button.form.dataset)) button.disabled = false; }, 600);
    }
  }
  addEventListener("popstate", () => location.reload());

  /* Half-minute beat for countdowns and polls; rests while nobody looks. */
  setInterval(() => beat(), 30_000);
  document.addEventListener("visibilitychange", () => beat());
  function beat() {
    if (!document.hidden) document.body.dispatchEvent(new CustomEvent("yihu:tick"));
  }

  /* A question in an address stays short: no keys, no tokens, no long texts and drawings. */
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, parameters } = event.detail;
    if (verb !== "get") return;
    for (const [name, value] of [...Object.entries(parameters)]) {
      if (["csrfmiddlewaretoken", "key", "version", "back"].includes(name) || String(value).length > 200) delete parameters[name];
    }
  });

  /* What htmx must never do: put a sign-in page or a whole error page into a corner of this one. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (isSignIn(xhr.responseURL)) {
      event.detail.shouldSwap = false;
      signInAgain();
    } else if (target !== document.body && /<html/i.test(xhr.responseText.slice(0, 400)) && xhr.status >= 400) {
      event.detail.shouldSwap = false;
      banner(sentenceOf(xhr.responseText) || "没有成功，请刷新页面再试。");
    }
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.detail.requestConfig?.headers?.["X-Poll"]) banner("网络不通，暂时取不到数据。恢复后请再试。", { kind: "warning" });
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!requestConfig?.headers?.["X-Poll"]) banner(sentenceOf(xhr.responseText) || "没有成功，请刷新页面再试。");
  });

  /* Dialogs and menus */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.localName === "dialog") event.target.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.closest("[data-back]")) history.back();
  });
  each("[data-back]", (button) => { button.hidden = history.length < 2; });

  /* What a person folds or unfolds in the navigation stays so on this device; the page one stands on is in sight. */
  each(".side", (side) => {
    for (const fold of side.querySelectorAll("[data-fold]")) {
      const kept = localStorage.getItem(`fold ${fold.dataset.fold}`);
      if (kept && !fold.querySelector("[aria-current]")) fold.open = kept === "open";
      fold.querySelector("summary").addEventListener("click", () => {
        localStorage.setItem(`fold ${fold.dataset.fold}`, fold.open ? "closed" : "open");
      });
    }
    const here = side.querySelector("[aria-current]");
    if (here && here.offsetTop + here.offsetHeight > side.clientHeight) side.scrollTop = here.offsetTop - side.clientHeight / 2;
  });

  /* The current tab may lie beyond the edge of a narrow screen. */
  each(".tabs [aria-current]", (tab) => {
    const strip = tab.closest(".tabs").getBoundingClientRect(), own = tab.getBoundingClientRect();
    if (own.right > strip.right) tab.closest(".tabs").scrollLeft += own.right - strip.right + strip.width / 4;
  });

  /* Success floats by; the rest stays in the page. */
  each('[data-message="success"], [data-message="info"]', (element) => {
    toast(element.textContent.trim());
    element.hidden = true;
  });

  return { banner, csrf, each, icon, isSignIn, make, meta, now, sentenceOf, show, signInAgain, steady, toast };
})();

/* Moments that come nearer: <time data-due="ISO" data-warn="ISO"> says 剩 25 分, 超 2 小时. */
"use strict";

(() => {
  const minute = 60_000;

  function words(minutes) {
    if (minutes < 60) return `${minutes} 分`;
    const hours = Math.floor(minutes / 60);
    if (hours < 3 && minutes % 60) return `${hours} 小时 ${minutes % 60} 分`;
    if (hours < 48) return `${hours} 小时`;
    return `${Math.floor(hours / 24)} 天`;
  }

  function tell(element) {
    const due = Date.parse(element.dataset.due);
    if (!Number.isFinite(due)) return;
    const left = due - yihu.now();
    const late = left < 0;
    const warn = element.dataset.warn ? Date.parse(element.dataset.warn) : due - 30 * minute;
    const text = late ? `超 ${words(Math.floor(-left / minute))}` : `剩 ${words(Math.ceil(left / minute))}`;
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("due-late", late);
    if (late) element.classList.remove("due-soon");
    else if (yihu.now() >= warn) element.classList.add("due-soon");
  }

  yihu.each("[data-due]", (element) => {
    if (element.textContent.trim() && !element.title) element.title = element.textContent.trim();
    tell(element);
  });
  document.body.addEventListener("yihu:tick", () => document.querySelectorAll("[data-due]").forEach(tell));
})();

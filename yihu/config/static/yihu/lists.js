/* Links beside a list ([data-follows]) ask for what its filters say now; the parameter that data-follows names stays the link's own. */
"use strict";

document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("a[data-follows], [data-follows] a")) {
    const address = new URL(link.href);
    const asked = new URLSearchParams(location.search);
    asked.delete("after");
    const own = link.closest("[data-follows]").dataset.follows;
    if (own && !address.searchParams.has(own)) continue;
    if (own) asked.set(own, address.searchParams.get(own));
    address.search = asked.toString();
    link.href = address.href;
  }
});

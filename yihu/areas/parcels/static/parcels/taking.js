/* A scanner ends with Enter: it leads on to the room, and a chosen room to the button. Three touches for a parcel. */
"use strict";

yihu.each("form[data-primary]", (form) => {
  const number = form.elements.tracking_no;
  const room = document.getElementById("id_unit");
  const save = form.querySelector("button.button-main");
  if (!number || !room) return;

  number.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    (form.elements.unit.value ? save : room).focus();        // which also says that the number has changed
  });

  form.addEventListener("change", (event) => {
    if (event.target.name === "unit" && event.target.value && number.value.trim()) save.focus();
  });

  /* The next one at once: the page comes back without being loaded anew. */
  if (matchMedia("(pointer: fine)").matches && !form.querySelector("[data-errors]")) number.focus({ preventScroll: true });
});

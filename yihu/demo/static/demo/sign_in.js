/* A click on an account of the demo fills the sign-in form; the person only has to send it. */
"use strict";

document.querySelectorAll("[data-demo-username]").forEach((button) => {
  button.addEventListener("click", () => {
    const form = document.querySelector('form[method="post"]');
    form.elements.username.value = button.dataset.demoUsername;
    form.elements.password.value = document.querySelector("[data-demo-password]").textContent;
    form.querySelector("button.button-main").focus();
    form.scrollIntoView({ block: "center" });
  });
});

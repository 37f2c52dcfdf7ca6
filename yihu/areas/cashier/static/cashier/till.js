/* The till: the amount follows the ticked bills and the deposit until somebody types another; what is to be given back. */
"use strict";

yihu.each("[data-till]", (form) => {
  const amount = form.elements.amount;
  const deposit = form.elements.deposit;
  const owed = Number(form.querySelector("[data-total]")?.dataset.total || 0);
  const fen = (words) => Math.round(Number(String(words || "0").replace(/[,，¥￥元\s]/g, "")) * 100) || 0;
  const yuan = (sum) => (sum ? (sum / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",") : "");
  const reckoned = () => {
    const ticked = [...form.querySelectorAll("[name=charge]:checked")];
    const bills = ticked.length ? ticked.reduce((sum, box) => sum + Number(box.dataset.fen), 0) : owed;
    return bills + fen(deposit?.value);
  };
  let last = fen(amount.value);
  const follow = () => {
    if (fen(amount.value) !== last) return;
    last = reckoned();
    amount.value = yuan(last);
  };
  const given = form.querySelector("[data-given]");
  const back = form.querySelector("[data-back]");
  const change = () => {
    const rest = fen(given.value) - fen(amount.value);
    back.textContent = !fen(given.value) ? "" : rest < 0 ? `还差 ${yuan(-rest)} 元；只缴一部分的，请改实收金额` : `找零 ${yuan(rest) || "0.00"} 元`;
  };
  form.addEventListener("change", (event) => { if (event.target.name === "charge") follow(); change(); });
  deposit?.addEventListener("input", follow);
  form.addEventListener("input", change);
});

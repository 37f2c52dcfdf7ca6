/* A signature drawn on a canvas, written as a PNG into its hidden input. Keeps its strokes when the screen turns. */
"use strict";

yihu.each("canvas[data-signature]", (canvas) => {
  if (!window.SignaturePad) return;
  const target = document.querySelector(canvas.dataset.target);
  const frame = canvas.closest(".signature");
  const note = frame?.querySelector("[data-signature-note]");
  const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3, penColor: "#1a2230" });
  let size = null;                                      // the size for which the strokes were drawn
  let earlier = null;                                   // a picture that came back from the server or a draft

  async function pictureOf(url) {
    const bytes = Uint8Array.from(atob(url.split(",")[1]), (sign) => sign.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: "image/png" }));
  }

  function fit() {
    const { width, height } = canvas.getBoundingClientRect();
    if (!width || (size && size.width === width && size.height === height)) return;
    const strokes = pad.toData();
    const ratio = Math.max(devicePixelRatio || 1, 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.getContext("2d").scale(ratio, ratio);
    const factor = size ? Math.min(width / size.width, height / size.height) : 1;
    pad.clear();
    if (strokes.length) {
      pad.fromData(strokes.map((stroke) => ({ ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })) })));
    }
    size = { width, height };
    if (earlier) paint();
  }

  function paint() {
    const { width, height } = size;
    const factor = Math.min(width / earlier.width, height / earlier.height);
    canvas.getContext("2d").drawImage(earlier, 0, 0, earlier.width * factor, earlier.height * factor);
  }

  function say(signed) {
    if (note) note.textContent = signed ? "已签名" : "请在框内签名";
  }

  function write() {
    target.value = pad.isEmpty() && !earlier ? "" : canvas.toDataURL("image/png");
    target.dispatchEvent(new Event("input", { bubbles: true }));
    say(Boolean(target.value));
  }

  async function takeBack() {
    if (!target.value.startsWith("data:image/png;base64,") || !pad.isEmpty()) return;
    earlier = await pictureOf(target.value).catch(() => null);
    if (earlier && size) paint();
    say(Boolean(earlier));
  }

  pad.addEventListener("endStroke", write);
  frame?.querySelector("[data-signature-clear]")?.addEventListener("click", () => {
    earlier = null;
    pad.clear();
    write();
  });
  target.addEventListener("change", takeBack);          // a draft was restored
  new ResizeObserver(fit).observe(canvas);
  fit();
  takeBack();
});

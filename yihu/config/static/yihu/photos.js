/* Photographs: thumbnails, several takes, made smaller before they travel (which also drops where they were taken). */
"use strict";

yihu.each("input[type=file][data-photos]", (input) => {
  const EDGE = 1600;
  const most = Number(input.dataset.max || 9);
  const frame = input.closest(".files") || input.parentElement;
  frame.classList.add("files-photos");
  const add = yihu.make("label", { class: "files-add", for: input.id }, yihu.icon("camera"), yihu.make("span", {}, "拍照"));
  frame.append(add);
  let kept = [];

  const scaled = (picture, width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
    return canvas;
  };

  async function prepare(file) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return { file, view: null };                  // not readable here: the server will look at it
    }
    const longest = Math.max(picture.width, picture.height);
    const factor = Math.min(1, EDGE / longest);
    const size = (times) => [Math.max(1, Math.round(picture.width * times)), Math.max(1, Math.round(picture.height * times))];
    const side = Math.max(200 / Math.min(picture.width, picture.height), 0.01);
    const view = scaled(picture, ...size(Math.min(1, side)));
    if (factor === 1 && file.size < 600_000 && file.type === "image/jpeg") return { file, view };
    const blob = await new Promise((done) => scaled(picture, ...size(factor)).toBlob(done, "image/jpeg", 0.85));
    picture.close();
    if (!blob || (factor === 1 && blob.size >= file.size)) return { file, view };
    return { file: new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified }), view };
  }

  function write() {
    const carrier = new DataTransfer();
    for (const one of kept) carrier.items.add(one.file);
    input.files = carrier.files;
    frame.querySelectorAll(".thumb").forEach((old) => old.remove());
    kept.forEach((one, place) => {
      const remove = yihu.make("button", { class: "thumb-remove", type: "button", "aria-label": `移除照片 ${place + 1}` }, yihu.icon("close"));
      remove.addEventListener("click", () => {
        kept = kept.filter((other) => other !== one);
        write();
        input.focus();
      });
      const thumb = yihu.make("div", { class: "thumb" });
      if (one.view) {
        one.view.setAttribute("role", "img");
        one.view.setAttribute("aria-label", `照片 ${place + 1}：${one.file.name}`);
        thumb.append(one.view);
      } else {
        thumb.append(yihu.make("span", { class: "thumb-name" }, one.file.name));
      }
      thumb.append(remove);
      frame.insertBefore(thumb, add);
    });
    add.hidden = kept.length >= most;
    add.querySelector("span").textContent = kept.length ? `再拍一张 ${kept.length}/${most}` : "拍照";
  }

  async function take(fresh) {
    add.setAttribute("aria-busy", "true");
    const given = [...input.files];
    const before = fresh ? [] : kept;
    for (const file of given) {
      if (before.length >= most) {
        yihu.banner(`最多 ${most} 张照片，多出的没有加入。`, { kind: "warning" });
        break;
      }
      before.push(await prepare(file));
    }
    kept = before;
    add.removeAttribute("aria-busy");
    write();
  }

  input.addEventListener("change", (event) => { if (event.isTrusted || input.files.length) take(false); });
  input.form?.addEventListener("reset", () => {
    kept = [];
    setTimeout(write);
  });
  input.addEventListener("yihu:files", () => take(true));
});

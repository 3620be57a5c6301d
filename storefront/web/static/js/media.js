// media.js — the library: drop files on the page, click on the point of a picture that stays in view.

for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", () => { if (input.files.length) form.submit(); });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.dataset.over = "";
  });
  form.addEventListener("dragleave", () => { delete form.dataset.over; });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    delete form.dataset.over;
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.submit();
  });
}

const focal = document.querySelector("[data-focal]");
const [across, down] = ["focal_x", "focal_y"].map((name) => document.getElementById(name));

if (focal && across && down) {
  const show = () => {
    for (const each of [focal, ...document.querySelectorAll("[data-crop]")]) {
      each.style.setProperty("--x", `${across.value}%`);
      each.style.setProperty("--y", `${down.value}%`);
    }
  };
  focal.querySelector("img")?.addEventListener("click", (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    across.value = Math.round(((event.clientX - box.left) / box.width) * 100);
    down.value = Math.round(((event.clientY - box.top) / box.height) * 100);
    show();
  });
  for (const each of [across, down]) each.addEventListener("input", show);
  show();
}

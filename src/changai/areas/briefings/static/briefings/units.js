/* Lists of units to tick: found by name, counted, ticked by level; shown only for papers that are sent to units.
   Without this script the whole list stands on the page. */
(function () {
  "use strict";

  for (const field of document.querySelectorAll("[data-units]")) {
    const words = field.dataset;
    const boxes = Array.from(field.querySelectorAll('input[type="checkbox"]'));
    if (!boxes.length) continue;
    const levels = Array.from(field.querySelectorAll(".form-choices > div"));

    const find = document.createElement("input");
    find.type = "search";
    find.className = "form-control units-find";
    find.placeholder = words.find;
    find.setAttribute("aria-label", words.find);
    const count = document.createElement("span");
    count.className = "muted small units-count";
    count.setAttribute("role", "status");
    const head = document.createElement("div");
    head.className = "units-head";
    head.append(find, count);
    levels[0].parentNode.before(head);

    const tell = () => { count.textContent = words.chosen.replace("{number}", boxes.filter((box) => box.checked).length); };

    for (const level of levels) {
      const name = level.querySelector(":scope > label");
      if (!name) continue;
      const all = document.createElement("button");
      all.type = "button";
      all.className = "btn btn-light btn-sm";
      all.textContent = words.all;
      all.setAttribute("aria-label", name.textContent.trim() + " " + words.all);
      name.after(all);
      all.addEventListener("click", () => {
        const own = Array.from(level.querySelectorAll('input[type="checkbox"]')).filter((box) => !box.closest("div").hidden);
        const wanted = !own.every((box) => box.checked);
        for (const box of own) box.checked = wanted;
        tell();
      });
    }
    find.addEventListener("input", () => {
      const wanted = find.value.trim();
      for (const box of boxes) {
        const line = box.closest("div");
        line.hidden = !line.textContent.includes(wanted);
      }
      for (const level of levels) level.hidden = !level.querySelector("div:not([hidden]) > label > input");
    });
    find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    field.addEventListener("change", tell);
    tell();
  }

  const part = document.querySelector("[data-units-of]");
  const kind = document.querySelector("select[name=kind]");
  if (!part || !kind) return;
  const addressed = part.dataset.unitsOf.split(" ");
  const show = () => { part.hidden = !addressed.includes(kind.value); };
  kind.addEventListener("change", show);
  show();
})();

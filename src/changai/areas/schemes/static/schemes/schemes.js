/* The editor of indicator systems: running sums of points, examples while the rule is typed, saving by itself. */
(function () {
  "use strict";

  // --- points: what is shown while typing; the server adds up again when they are saved
  const tree = document.querySelector("[data-points-tree]");
  if (tree) {
    const rows = Array.from(tree.querySelectorAll("tbody tr[data-code]"));
    const cents = (row) => {
      const typed = row.querySelector("input.points").value.normalize("NFKC").trim();
      return /^\d+(\.\d{0,2})?$/.test(typed) ? Math.round(Number(typed) * 100) : NaN;
    };
    const plain = (value) => String(value / 100);
    const add = () => {
      const below = new Map();
      rows.forEach((row) => {
        const above = row.dataset.parent;
        below.set(above, (below.get(above) || 0) + cents(row));
      });
      rows.forEach((row) => {
        const gap = row.querySelector("[data-gap]");
        const sum = below.get(row.dataset.code);
        const own = cents(row);
        row.querySelector("input.points").classList.toggle("is-invalid", Number.isNaN(own));
        gap.textContent = sum === undefined || sum === own || Number.isNaN(sum) ? "" : "Δ " + plain(own - sum);
      });
      const full = Math.round(Number(tree.dataset.full) * 100);
      const total = below.get("") || 0;
      tree.querySelector("[data-total]").textContent = Number.isNaN(total) ? "—" : plain(total);
      tree.querySelector("[data-total-gap]").textContent = total === full || Number.isNaN(total) ? "" : "Δ " + plain(full - total);
    };
    tree.addEventListener("input", add);
    tree.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
      if (!step || !event.target.matches("input.points")) return;
      const inputs = rows.map((row) => row.querySelector("input.points"));
      const next = inputs[inputs.indexOf(event.target) + step];
      event.preventDefault();
      if (next) { next.focus(); next.select(); }
    });
    tree.addEventListener("toggle", (event) => {
      if (!event.target.matches(".row-menu") || !event.target.open) return;
      tree.querySelectorAll(".row-menu[open]").forEach((menu) => { if (menu !== event.target) menu.open = false; });
    }, true);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") tree.querySelectorAll(".row-menu[open]").forEach((menu) => { menu.open = false; });
    });
  }

  // --- all units at once
  document.querySelectorAll("[data-tick-all]").forEach((all) => {
    all.addEventListener("change", () => {
      all.closest(".unit-list").querySelectorAll("input[name=unit_ids]").forEach((box) => { box.checked = all.checked; });
    });
  });

  // --- one indicator
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (!button) return;
    const target = field(button.dataset.pick);
    if (button.dataset.pick === "sentence" || !target.value.trim()) target.value = button.dataset.value;
    else target.value = target.value.trim() + (/率|比例/.test(field("sentence").value) && !/[/、]/.test(target.value) ? "/" : "、") + button.dataset.value;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.focus();
  });

  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "s" || event.key === "Enter") {
      event.preventDefault();
      const wanted = event.key === "Enter" ? form.querySelector("button[name=confirm], button[name=next]") : null;
      (wanted || form.querySelector("button.btn-primary")).click();
    }
  });

  const later = (work, wait) => {
    let timer = 0;
    return () => { window.clearTimeout(timer); timer = window.setTimeout(work, wait); };
  };
  const send = (address) => fetch(address, { method: "POST", body: new FormData(form), credentials: "same-origin" });

  const examples = document.getElementById("examples");
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const answer = await send(form.dataset.previewUrl);
    if (answer.ok && mine === asked) examples.innerHTML = await answer.text();
  };
  const status = form.querySelector("[data-autosaved]");
  let conflict = false;
  let leaving = false;
  let turn = Promise.resolve();
  const save = async () => {
    if (conflict || leaving) return;
    const answer = await send(form.dataset.autosaveUrl);
    if (!(answer.headers.get("content-type") || "").includes("json")) return;
    const told = await answer.json();
    if (answer.ok) field("seen").value = told.seen;
    conflict = answer.status === 409;
    status.textContent = told.sentence;
    status.classList.toggle("is-refused", !answer.ok);
  };
  form.addEventListener("submit", (event) => { if (event.submitter && event.submitter.name !== "look") leaving = true; });
  if (form.dataset.previewUrl && examples) form.addEventListener("input", later(look, 400));
  if (form.dataset.autosaveUrl) form.addEventListener("input", later(() => { turn = turn.then(save).catch(() => {}); }, 3000));
})();

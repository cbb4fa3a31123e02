/* Comforts of the plan pages: bring the chosen clause into view, arrows between clauses, find and count units, tick all. */
(function () {
  "use strict";

  const clauses = document.querySelector("[data-clauses]");
  if (clauses) {
    const links = Array.from(clauses.querySelectorAll("a"));
    const chosen = clauses.querySelector("[aria-current]");
    // The address names the clause, and the browser scrolls the whole page to it when it has loaded; only the panes should move.
    const bring = () => {
      document.querySelectorAll(".pane .is-chosen").forEach((part) => {
        const pane = part.closest(".pane");
        pane.scrollTop = Math.max(0, part.offsetTop - pane.offsetTop - 60);
      });
      window.scrollTo(0, 0);
    };
    if (chosen) window.addEventListener("load", () => window.requestAnimationFrame(bring));
    clauses.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = links.indexOf(document.activeElement);
      if (!step || at < 0 || !links[at + step]) return;
      event.preventDefault();
      links[at + step].focus();
    });
  }

  document.querySelectorAll("[data-tick-all]").forEach((all) => {
    all.addEventListener("change", () => {
      all.form.querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = all.checked; });
    });
  });

  document.querySelectorAll(".unit-choice").forEach((choice) => {
    const list = choice.querySelector(".form-choices");
    if (!list) return;
    const boxes = Array.from(list.querySelectorAll("input"));
    const told = choice.querySelector("[data-ticked]") || choice.querySelector("legend");
    const tally = document.createElement("span");
    tally.className = "count";
    if (told) told.append(" ", tally);
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      tally.textContent = ticked;
      tally.hidden = !ticked;
    };
    list.addEventListener("change", count);
    count();
  });
})();

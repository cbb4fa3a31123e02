/* Ask before leaving a form marked data-warn-unsaved whose cells were changed and not sent. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-warn-unsaved]");
  if (!form) return;
  const cells = Array.from(form.querySelectorAll("input:not([type=hidden]), textarea, select"));
  const chosen = (list) => Array.from(list.options).filter((each) => each.selected).map((each) => each.value).join();
  const state = (cell) => {
    if (cell.type === "radio" || cell.type === "checkbox") return String(cell.checked);
    return cell.options ? chosen(cell) : cell.value;
  };
  const first = cells.map(state);
  let isSent = false;
  form.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (isSent || cells.every((cell, place) => state(cell) === first[place])) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();

/* Ask before leaving a form marked data-warn-unsaved whose cells were changed and not sent. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-warn-unsaved]");
  if (!form) return;
  const cells = Array.from(form.querySelectorAll("input:not([type=hidden]), textarea"));
  let isSent = false;
  form.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (isSent || cells.every((cell) => cell.value === cell.defaultValue)) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();

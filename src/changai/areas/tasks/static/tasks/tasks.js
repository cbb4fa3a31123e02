/* Tick all tasks of the page at once. */
(function () {
  "use strict";
  document.querySelectorAll("[data-tick-all]").forEach((all) => {
    all.addEventListener("change", () => {
      all.form.querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = all.checked; });
    });
  });
})();

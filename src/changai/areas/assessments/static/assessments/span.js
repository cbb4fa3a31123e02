/* The months of a round follow the span chosen; months typed by hand make it a span of one's own choice. */
(function () {
  "use strict";

  const span = document.querySelector("select[name=span]");
  const first = document.querySelector("input[name=first]");
  const last = document.querySelector("input[name=last]");
  if (!span || !first || !last) return;

  function fill() {
    const months = span.value.split(":");
    if (months.length === 2) [first.value, last.value] = months;
  }

  function match() {
    const typed = first.value + ":" + last.value;
    const found = Array.from(span.options).find((option) => option.value === typed);
    span.value = found ? typed : "";
  }

  span.addEventListener("change", fill);
  first.addEventListener("input", match);
  last.addEventListener("input", match);
  if (!first.value && !last.value) fill();
})();

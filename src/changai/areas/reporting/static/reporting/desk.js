// The reviewer's desk: J and K open the next and the previous report of the queue.
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const current = desk.querySelector("li.is-current");
  if (current) current.scrollIntoView({ block: "nearest" });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const row = { j: current?.nextElementSibling, k: current?.previousElementSibling }[event.key.toLowerCase()];
    const link = row?.querySelector("a");
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
})();

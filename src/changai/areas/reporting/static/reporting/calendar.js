/* The days of one month on a timeline: handles are dragged or moved with the arrow keys; the date fields follow. */
(function () {
  "use strict";
  const picture = document.querySelector("[data-calendar-month]");
  if (!picture) { return; }
  const first = Date.parse(picture.dataset.first + "T00:00:00Z");
  const aDay = Number(picture.dataset.aDay);
  const most = Number(picture.dataset.days) - 1;
  const day = 86400000;
  const names = ["opens_on", "due_on", "late_until", "locks_on"];
  const handles = new Map();
  picture.querySelectorAll("[data-handle]").forEach((handle) => handles.set(handle.dataset.handle, handle));
  const field = (name) => document.querySelector(`[name="${name}"]`);
  const place = (name) => {
    const input = field(name);
    return input && input.value ? Math.round((Date.parse(input.value + "T00:00:00Z") - first) / day) : null;
  };
  const written = (number) => new Date(first + number * day).toISOString().slice(0, 10);

  function draw() {
    names.forEach((name) => {
      const handle = handles.get(name);
      const at = place(name);
      if (!handle || at === null) { return; }
      handle.setAttribute("transform", `translate(${at * aDay} 0)`);
      handle.setAttribute("aria-valuenow", String(at));
      handle.setAttribute("aria-valuetext", field(name).value);
    });
    let start = place("opens_on");
    [["fill", "due_on"], ["late", "late_until"], ["lock", "locks_on"]].forEach(([kind, name]) => {
      const bar = picture.querySelector(`[data-bar="${kind}"]`);
      const until = place(name);
      if (!bar) { return; }
      const is_shown = start !== null && until !== null && until >= start;
      bar.setAttribute("visibility", is_shown ? "visible" : "hidden");
      if (is_shown) {
        bar.setAttribute("x", String(start * aDay));
        bar.setAttribute("width", String((until - start + 1) * aDay));
        start = until + 1;
      }
    });
  }

  /* No handle passes its neighbours: what is due is due after it opens. */
  function move(name, to) {
    const order = names.filter((one) => place(one) !== null);
    const here = order.indexOf(name);
    const least = here > 0 ? place(order[here - 1]) : 0;
    const greatest = here < order.length - 1 ? place(order[here + 1]) : most;
    field(name).value = written(Math.min(Math.max(to, least), greatest));
    draw();
  }

  handles.forEach((handle, name) => {
    handle.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7 };
      if (!(event.key in steps)) { return; }
      event.preventDefault();
      move(name, place(name) + steps[event.key]);
    });
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) { return; }
      const box = picture.getBoundingClientRect();
      const scale = picture.viewBox.baseVal.width / box.width;
      move(name, Math.floor(((event.clientX - box.left) * scale) / aDay));
    });
  });
  names.forEach((name) => { if (field(name)) { field(name).addEventListener("input", draw); } });
  draw();
})();

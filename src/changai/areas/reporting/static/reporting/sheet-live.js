/* Two people on one sheet: every few seconds the page tells where the person stands and hears who else is there, what they
   wrote, and which cells have open comments. It rests while nobody looks at it or nothing is done on it. */
(function () {
  "use strict";

  const { say, announce, csrfToken } = window.changai;
  const ALONE_MS = 10000;
  const TOGETHER_MS = 3000;
  const SOON_MS = 500;
  const IDLE_MS = 10 * 60000;

  class Live {
    constructor(form, saver) {
      this.url = form.dataset.liveUrl;
      this.seen = Number(form.dataset.seen || 0);
      this.saver = saver;
      this.line = form.querySelector("[data-sheet-people]");
      this.people = [];
      this.cell = "";
      this.lastTouch = Date.now();
      for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => this.touch(), true);
      form.addEventListener("grid:enter", (event) => { this.cell = event.detail.ref; if (this.people.length) this.schedule(SOON_MS); });
      document.addEventListener("visibilitychange", () => this.schedule(SOON_MS));
      this.schedule(SOON_MS);
    }

    touch() {
      const wasIdle = Date.now() - this.lastTouch > IDLE_MS;
      this.lastTouch = Date.now();
      if (wasIdle) this.schedule(SOON_MS);
    }

    schedule(delay) {
      window.clearTimeout(this.timer);
      if (document.visibilityState === "hidden" || Date.now() - this.lastTouch > IDLE_MS || this.isOver) return;
      this.timer = window.setTimeout(() => this.ask(), delay === undefined ? (this.people.length ? TOGETHER_MS : ALONE_MS) : delay);
    }

    async ask() {
      if (this.isAsking) return;
      this.isAsking = true;
      try {
        const response = await fetch(this.url, {
          method: "POST",
          credentials: "same-origin",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken(), "X-Background": "1" },
          body: JSON.stringify({ seen: this.seen, cell: this.cell }),
        });
        if (response.ok && !response.redirected) this.hear(await response.json());
        else if (response.redirected || response.status === 403) this.saver.signedOut();
      } catch (fault) { /* saving tells when the server is away; asking just goes on */ }
      this.isAsking = false;
      this.schedule();
    }

    hear(answer) {
      for (const change of answer.changes) this.take(change);
      this.seen = answer.seen;
      this.saver.version = Math.max(this.saver.version, answer.version);
      this.showPeople(answer.people);
      this.showThreads(answer.threads);
      if (answer.lock && !this.saver.isStopped) {
        this.isOver = true;
        this.saver.stop(answer.lock);
      }
    }

    /* A cell in which something is being typed here is left alone: its saving will show both texts. */
    take(change) {
      const cell = this.saver.cells.get(change.ref);
      if (!cell || cell.version >= change.version || this.saver.isDirty(cell)) return;
      cell.settle(change.value, change.version);
      cell.mark("saved", change.sentence);
      cell.grid.sum();
      cell.grid.explain();
    }

    showPeople(people) {
      for (const td of document.querySelectorAll("td[data-who]")) delete td.dataset.who;
      for (const one of people) {
        const cell = this.saver.cells.get(one.cell);
        if (cell) cell.td.dataset.who = one.name;
      }
      const known = new Set(this.people.map((one) => one.id));
      const arrived = people.filter((one) => !known.has(one.id));
      if (arrived.length) announce(say("arrived", { names: arrived.map((one) => one.name).join(say("comma")) }));
      this.people = people;
      const places = people.map((one) => {
        const cell = this.saver.cells.get(one.cell);
        return cell ? say("person_in", { name: one.name, cell: cell.name }) : one.name;
      });
      const words = places.length ? say("people_here", { people: places.join(say("comma")) }) : "";
      if (this.line && this.line.textContent !== words) this.line.textContent = words;
    }

    showThreads(threads) {
      for (const link of document.querySelectorAll("[data-cell-more]")) {
        const count = threads[link.dataset.cellMore];
        if (String(count || "") === (link.dataset.open || "")) continue;
        let number = link.querySelector("span");
        if (!number) { number = document.createElement("span"); link.append(number); }
        number.textContent = count || "";
        if (count) link.dataset.open = count;
        else delete link.dataset.open;
      }
    }
  }

  document.addEventListener("grid:ready", () => {
    const form = document.querySelector("form[data-live-url]");
    if (form && form.gridSaver) new Live(form, form.gridSaver);
  });
})();

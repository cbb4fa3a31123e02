/* The panel of one cell beside the sheet: comments, the months before, who wrote what. Shift+F2 or the mark in the cell opens
   it; while it is open it follows the cells, unless a comment is being written. Without script the mark is a link to a page. */
(function () {
  "use strict";

  const { say, announce, csrfToken } = window.changai;
  const HEADERS = { "X-Panel": "1", Accept: "application/json, text/html" };
  const FOLLOW_MS = 500;

  class Panel {
    constructor(drawer) {
      this.drawer = drawer;
      this.link = null;
      this.timer = 0;
      document.addEventListener("click", (event) => {
        const link = event.target.closest("[data-cell-more]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.open(link, true);
      });
      document.addEventListener("grid:open", (event) => {
        const link = event.detail.td.querySelector("[data-cell-more]");
        if (link) this.open(link, true);
      });
      document.addEventListener("grid:enter", (event) => this.follow(event.detail));
      drawer.addEventListener("submit", (event) => this.send(event));
      drawer.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    }

    follow(cell) {
      window.clearTimeout(this.timer);
      const link = cell.td.querySelector("[data-cell-more]");
      const words = this.drawer.querySelector("textarea");
      if (!this.link || !link || link === this.link || (words && words.value.trim())) return;
      this.timer = window.setTimeout(() => this.open(link, false), FOLLOW_MS);
    }

    async open(link, isAsked) {
      this.link = link;
      try {
        const response = await fetch(link.href, { credentials: "same-origin", headers: HEADERS });
        if (!response.ok || response.redirected) throw new Error(String(response.status));
        this.show(await response.text(), isAsked);
      } catch (fault) {
        if (isAsked) window.location.assign(link.href); // the page says what is the matter
      }
    }

    show(html, isAsked) {
      const close = document.createElement("button");
      close.type = "button";
      close.className = "btn btn-sm btn-light cell-close";
      close.textContent = say("fold");
      close.addEventListener("click", () => this.close());
      const content = new DOMParser().parseFromString(html, "text/html").querySelector(".cell-panel");
      this.drawer.replaceChildren(close, content);
      document.body.classList.add("has-cell-panel");
      if (!isAsked) return;
      const first = content.querySelector("textarea") || close;
      first.focus();
      announce(content.querySelector(".cell-name").textContent);
    }

    close() {
      const cell = this.link && this.link.closest("td").querySelector("input:not([type=hidden]), textarea, select");
      const back = cell || (this.link && this.link.closest("td"));
      this.link = null;
      this.drawer.replaceChildren();
      document.body.classList.remove("has-cell-panel");
      if (back) back.focus();
    }

    async send(event) {
      const form = event.target;
      if (form.dataset.cellForm === undefined) return;
      event.preventDefault();
      const body = new FormData(form);
      body.set("csrfmiddlewaretoken", csrfToken());
      let sentence = say("no_answer");
      try {
        const response = await fetch(form.action, { method: "POST", credentials: "same-origin", headers: HEADERS, body: body });
        if (response.ok) { this.show(await response.text(), true); return; }
        if ((response.headers.get("Content-Type") || "").includes("json")) sentence = (await response.json()).sentence;
      } catch (fault) { /* told below; the words stay in the box */ }
      this.complain(form, sentence);
    }

    complain(form, sentence) {
      let box = form.querySelector("[role=alert]");
      if (!box) {
        box = document.createElement("p");
        box.className = "field-faults";
        box.setAttribute("role", "alert");
        form.append(box);
      }
      box.textContent = sentence;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const drawer = document.querySelector("aside.drawer");
    if (drawer) new Panel(drawer);
  });
})();

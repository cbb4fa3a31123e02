/* Saves the cells of a form's grids as they change; keeps what is typed when the network, the session or somebody else is
   in the way. One saver a form, however many tables it has. */
(function () {
  "use strict";

  const { say, toast, GridChoices } = window.changai;
  const LONGEST_WAIT_S = 60;
  const LARGEST_FAREWELL = 60000; // browsers let a page that closes send 64 KB
  const KEPT_DAYS = 14;

  class Saver {
    static of(grid) {
      if (!grid.frame.gridSaver) grid.frame.gridSaver = new Saver(grid.frame, grid.table);
      return grid.frame.gridSaver;
    }

    constructor(frame, table) {
      this.frame = frame;
      this.url = table.dataset.saveUrl || "";
      this.version = Number(table.dataset.version || 0);
      this.keeper = document.body.dataset.keeper || "";
      this.store = "grid:" + this.keeper + ":" + this.url;
      this.cells = new Map();
      this.waiting = new Map();
      this.refused = new Map();
      this.choices = new GridChoices(this);
      this.history = { done: [], undone: [] };
      this.sending = null;
      this.failures = 0;
      this.timer = 0;
      this.isStopped = false;
      this.status = frame.querySelector("[data-grid-status]");
      this.trouble = document.createElement("div");
      this.trouble.setAttribute("role", "alert");
      (this.status || table.parentElement).after(this.trouble, this.choices.box);
      this.listen();
    }

    listen() {
      window.addEventListener("online", () => { if (this.waiting.size) this.send(); });
      window.addEventListener("focus", () => { if (this.isSignedOut) this.retry(); });
      window.addEventListener("beforeunload", (event) => {
        this.commit();
        this.send({ isLeaving: true });
        if (this.isUnsaved && (this.failures || this.isStopped)) { event.preventDefault(); event.returnValue = ""; }
      });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState !== "hidden") return;
        this.commit();
        this.send({ isLeaving: true });
      });
      document.addEventListener("submit", (event) => this.holdBack(event), true);
      document.addEventListener("click", (event) => this.holdLink(event));
    }

    /* The next page is made after what was typed here has arrived. */
    holdLink(event) {
      const link = event.target.closest("a[href]");
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hash) return;
      this.commit();
      if (!this.isUnsaved || this.failures || this.isStopped) return;
      event.preventDefault();
      this.flush().then(() => window.location.assign(link.href));
    }

    get isUnsaved() { return this.waiting.size > 0 || this.sending !== null; }

    /* Whether the cell holds something the server does not know yet. */
    isDirty(cell) {
      return this.waiting.has(cell.ref) || this.refused.has(cell.ref) || this.choices.open.has(cell.ref)
        || (this.sending !== null && this.sending.has(cell.ref)) || cell.value !== cell.kept;
    }

    commit() { for (const grid of new Set(Array.from(this.cells.values(), (cell) => cell.grid))) grid.commit(); }

    add(cell, delay) {
      if (!this.url) return;
      this.waiting.set(cell.ref, cell.value);
      this.refused.delete(cell.ref);
      cell.mark("waiting", "");
      this.choices.drop(cell.ref);
      this.remember();
      if (this.isStopped) return;
      this.tellState();
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.send(), delay);
    }

    /* --- the copy in this browser, until the server has it */

    remember() {
      const refs = new Set([...this.choices.open.keys(), ...this.refused.keys(), ...(this.sending || new Map()).keys(), ...this.waiting.keys()]);
      const kept = Array.from(refs, (ref) => [ref, this.cells.get(ref).value]);
      try {
        if (kept.length) window.localStorage.setItem(this.store, JSON.stringify({ at: Date.now(), cells: kept }));
        else window.localStorage.removeItem(this.store);
      } catch (fault) { /* a full or forbidden store costs the safety copy, not the work */ }
    }

    /* Put what an earlier page could not save beside what the server holds now; the person decides. */
    restore() {
      let kept = {};
      try { kept = JSON.parse(window.localStorage.getItem(this.store) || "{}"); } catch (fault) { kept = {}; }
      if (!kept.cells || Date.now() - kept.at > KEPT_DAYS * 86400000) return;
      for (const [ref, value] of kept.cells) {
        const cell = this.cells.get(ref);
        if (!cell || cell.value === value || this.choices.open.has(ref)) continue;
        const before = cell.value;
        if (!cell.write(value)) continue;
        cell.kept = cell.value;
        this.choices.add(cell, before, undefined, "", true);
      }
      this.remember();
      this.choices.show();
    }

    /* --- sending */

    async send({ isLeaving = false } = {}) {
      window.clearTimeout(this.timer);
      if (this.sending) return this.running;
      if (!this.waiting.size || this.isStopped) return undefined;
      this.sending = this.waiting;
      this.waiting = new Map();
      for (const ref of this.sending.keys()) this.cells.get(ref).mark("saving", "");
      this.tellState();
      this.running = this.post(this.order(), isLeaving);
      await this.running;
      return this.waiting.size && !this.failures ? this.send() : undefined;
    }

    order() {
      const cells = Array.from(this.sending, ([ref, value]) => {
        const { held, version } = this.cells.get(ref);
        return version === null ? { ref: ref, value: value, was: held } : { ref: ref, value: value, was: held, version: version };
      });
      return JSON.stringify({ version: this.version, cells: cells });
    }

    async ask(body, isLeaving) {
      return fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        keepalive: isLeaving && body.length < LARGEST_FAREWELL,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
        body: body,
      });
    }

    async post(body, isLeaving) {
      let response;
      try {
        response = await this.ask(body, isLeaving);
        if (isSignedOut(response) && (await this.renew())) response = await this.ask(body, isLeaving);
      } catch (fault) {
        return this.putBack("offline");
      }
      if (isSignedOut(response)) return this.putBack("signed_out");
      if (response.status >= 500 || response.status === 429) return this.putBack("offline", await numberIn(response));
      const answer = isJson(response) ? await response.json() : {};
      if (response.status === 409) return this.stop(answer.sentence || "");
      if (!response.ok || !isJson(response)) return this.refuse(answer);
      return this.accept(answer);
    }

    /* Who signs in again in another window has another key there; fetch it, so that this page can go on saving. */
    async renew() {
      const response = await fetch(window.location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) return false;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector('meta[name="csrf-token"]');
      if (!fresh || (page.body.dataset.keeper || "") !== this.keeper) return false;
      document.querySelector('meta[name="csrf-token"]').content = fresh.content;
      for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = fresh.content;
      return true;
    }

    accept(answer) {
      const sent = this.sending;
      this.sending = null;
      this.failures = 0;
      this.isSignedOut = false;
      this.version = answer.version;
      for (const one of answer.saved || []) this.take(one, sent);
      for (const one of answer.refused || []) this.takeRefused(one, sent);
      this.savedAt = new Date();
      this.remember();
      this.complain("");
      this.choices.show();
      this.tellState();
    }

    take(one, sent) {
      const cell = this.cells.get(one.ref);
      if (!cell) return;
      cell.held = one.value !== undefined ? String(one.value) : sent.get(one.ref);
      if (one.version !== undefined && cell.version !== null) cell.version = one.version;
      if (this.waiting.has(one.ref)) return;
      if (one.value !== undefined && document.activeElement !== cell.control && cell.value === sent.get(one.ref)) cell.settle(String(one.value));
      cell.mark(one.state || "saved", one.sentence || "");
      cell.grid.sum();
      cell.grid.explain();
    }

    takeRefused(one, sent) {
      const cell = this.cells.get(one.ref);
      if (!cell) return;
      if (one.state === "conflict") {
        if (!this.waiting.delete(one.ref) && cell.value === sent.get(one.ref)) cell.kept = cell.value;
        this.choices.add(cell, String(one.value), one.version, one.sentence || "", false);
      } else {
        if (one.value !== undefined) cell.held = String(one.value);
        if (this.waiting.has(one.ref)) return;
        this.refused.set(one.ref, one.sentence || "");
        cell.mark("refused", one.sentence || "");
      }
      cell.grid.explain();
    }

    /* The whole order was refused: nothing of it is saved, the words stay on the page. */
    refuse(answer) {
      this.takeBack("refused", answer.sentence || "");
      const sentence = [answer.sentence || say("failed")].concat(answer.faults || []).join(" ");
      this.complain(sentence, ["retry", () => this.retry()]);
    }

    /* The session may end while nothing is being saved: say so before more is typed. */
    signedOut() {
      if (this.isSignedOut || this.sending) return;
      this.isSignedOut = true;
      this.complain(say("signed_out"), ["retry", () => this.retry()]);
    }

    putBack(reason, number) {
      this.takeBack("waiting", "");
      this.isSignedOut = reason === "signed_out";
      const seconds = Math.min(LONGEST_WAIT_S, 2 ** this.failures);
      this.complain(say(reason, { seconds: seconds }) + (number || ""), ["retry", () => this.retry()]);
      if (reason === "offline") this.timer = window.setTimeout(() => this.send(), seconds * 1000);
    }

    /* Somebody moved the record on: nothing can be saved here any more, what was typed stays readable. */
    stop(sentence) {
      this.takeBack("waiting", "");
      this.isStopped = true;
      this.complain(sentence + " " + say("moved"), ["reload", () => {
        this.waiting = new Map();
        window.location.reload();
      }]);
    }

    takeBack(state, remark) {
      this.sending = this.sending || new Map();
      for (const ref of this.sending.keys()) this.cells.get(ref).mark(state, remark);
      this.waiting = new Map([...this.sending, ...this.waiting]);
      this.sending = null;
      this.failures += 1;
      this.remember();
    }

    async retry() {
      this.failures = 0;
      if (this.isSignedOut && !this.waiting.size && (await this.renew())) {
        this.isSignedOut = false;
        this.complain("");
        this.tellState();
      }
      return this.send();
    }

    /* Returns whether everything is saved, after trying. */
    async flush() {
      do {
        await this.send();
      } while (this.waiting.size && !this.failures && !this.isStopped);
      return !this.isUnsaved;
    }

    /* A form that leaves the page waits until every cell is saved; one that was refused is mended first. */
    holdBack(event) {
      const form = event.target;
      this.commit();
      const isSave = event.submitter && event.submitter.dataset.gridSave !== undefined;
      const isOpen = form === this.frame && this.refused.size + this.choices.open.size > 0;
      if (form.method !== "post" || !this.url || form.dataset.gridFree !== undefined || !(isSave || isOpen || this.isUnsaved)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.flush().then((isSaved) => {
        if (isSave) return;
        const open = [...this.refused.keys(), ...this.choices.open.keys()];
        if (open.length) { toast(say("mend_first", { count: open.length }), "warning"); this.cells.get(open[0]).focus(); }
        else if (isSaved) form.requestSubmit(event.submitter || undefined);
      });
    }

    /* --- what is told */

    /* One true sentence about all cells; it never says "saved" while one is not. */
    tellState() {
      if (!this.status) return;
      if (this.trouble.textContent) this.status.textContent = "";
      else if (this.sending) this.status.textContent = say("saving");
      else if (this.waiting.size) this.status.textContent = say("unsaved", { count: this.waiting.size });
      else if (this.refused.size) this.status.textContent = say("refused", { count: this.refused.size, sentence: Array.from(this.refused.values())[0] });
      else if (this.choices.open.size) this.status.textContent = say("undecided", { count: this.choices.open.size });
      else if (this.savedAt) this.status.textContent = say("saved_at", { time: this.savedAt.toTimeString().slice(0, 5) });
      else this.status.textContent = "";
    }

    complain(sentence, ...choices) {
      this.trouble.textContent = "";
      this.trouble.className = sentence ? "notice notice-warning" : "";
      if (!sentence) return;
      this.tellState();
      const words = document.createElement("span");
      words.textContent = sentence;
      this.trouble.append(words);
      if (this.status) this.status.textContent = "";
      for (const [name, act] of choices) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-secondary";
        button.textContent = say(name);
        button.addEventListener("click", act);
        this.trouble.append(button);
      }
    }
  }

  function isJson(response) { return (response.headers.get("Content-Type") || "").includes("application/json"); }

  function isSignedOut(response) {
    return response.redirected || response.status === 401 || (response.status === 403 && !isJson(response));
  }

  /* The number of a fault that people can quote, when the answer is plain words. */
  async function numberIn(response) {
    if (!(response.headers.get("Content-Type") || "").startsWith("text/plain")) return "";
    const found = /编号\s*\w+/.exec(await response.text());
    return found ? " " + found[0] : "";
  }

  function csrfToken() {
    const meta = document.querySelector('meta[name="csrf-token"]');
    const field = document.querySelector('input[name="csrfmiddlewaretoken"]');
    return meta ? meta.content : field ? field.value : "";
  }

  window.changai.csrfToken = csrfToken;
  window.changai.GridSaver = Saver;
})();

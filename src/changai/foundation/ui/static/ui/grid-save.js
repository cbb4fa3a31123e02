/* Saves the cells of a grid as they change; keeps what is typed when the network, the session or somebody else is in the way. */
(function () {
  "use strict";

  const { say } = window.changai;
  const LONGEST_WAIT_S = 60;

  class Saver {
    constructor(grid) {
      this.grid = grid;
      this.url = grid.table.dataset.saveUrl || "";
      this.version = Number(grid.table.dataset.version || 0);
      this.store = "grid:" + this.url;
      this.waiting = new Map();
      this.sending = null;
      this.failures = 0;
      this.timer = 0;
      this.isStopped = false;
      this.status = grid.frame.querySelector("[data-grid-status]");
      this.trouble = document.createElement("div");
      this.trouble.setAttribute("role", "alert");
      (this.status || grid.table.parentElement).after(this.trouble);
      window.addEventListener("online", () => { if (this.waiting.size) this.send(); });
      window.addEventListener("beforeunload", (event) => {
        grid.commit();
        if (this.isUnsaved) { event.preventDefault(); event.returnValue = ""; }
      });
    }

    get isUnsaved() { return this.waiting.size > 0 || this.sending !== null; }

    add(cell, delay) {
      if (!this.url) return;
      this.waiting.set(cell.ref, cell.value);
      cell.mark("waiting", "");
      this.remember();
      if (this.isStopped) return;
      this.tell(say("unsaved", { count: this.waiting.size }));
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.send(), delay);
    }

    /* Keep what is typed in this tab until the server has it. */
    remember() {
      const all = new Map([...(this.sending || []), ...this.waiting]);
      try {
        if (all.size) window.sessionStorage.setItem(this.store, JSON.stringify(Array.from(all)));
        else window.sessionStorage.removeItem(this.store);
      } catch (fault) { /* a full or forbidden store costs the safety copy, not the work */ }
    }

    async send() {
      window.clearTimeout(this.timer);
      if (this.sending || !this.waiting.size || this.isStopped) return this.running;
      this.sending = this.waiting;
      this.waiting = new Map();
      this.tell(say("saving"));
      this.running = this.post(Array.from(this.sending, ([ref, value]) => ({ ref: ref, value: value, was: this.grid.byRef.get(ref).held })));
      await this.running;
      return this.waiting.size && !this.failures ? this.send() : undefined;
    }

    async post(cells) {
      let response;
      try {
        response = await fetch(this.url, {
          method: "POST",
          credentials: "same-origin",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
          body: JSON.stringify({ version: this.version, cells: cells }),
        });
      } catch (fault) {
        return this.putBack("offline");
      }
      const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
      if (response.redirected || response.status === 401 || (response.status === 403 && !isJson)) return this.putBack("signed_out");
      if (response.status >= 500 || response.status === 429) return this.putBack("offline");
      const answer = isJson ? await response.json() : {};
      if (response.status === 409) return this.stop(answer.sentence || "");
      if (!response.ok || !isJson) return this.refuse(answer);
      return this.accept(answer);
    }

    accept(answer) {
      const sent = this.sending;
      this.sending = null;
      this.failures = 0;
      this.version = answer.version;
      for (const one of answer.saved || []) {
        const cell = this.grid.byRef.get(one.ref);
        if (cell) cell.held = one.value !== undefined ? String(one.value) : sent.get(one.ref);
        if (!cell || this.waiting.has(one.ref)) continue;
        if (one.value !== undefined && document.activeElement !== cell.control) { cell.write(String(one.value)); cell.kept = cell.value; }
        cell.mark(one.state || "saved", one.sentence || "");
      }
      for (const one of answer.refused || []) {
        const cell = this.grid.byRef.get(one.ref);
        if (cell && one.value !== undefined) cell.held = String(one.value);
        if (cell && cell.value === sent.get(one.ref)) cell.mark("refused", one.sentence || "");
      }
      this.remember();
      this.complain("");
      const refused = (answer.refused || []).map((one) => one.sentence);
      const time = new Date().toTimeString().slice(0, 5);
      this.tell(say("saved_at", { time: time }) + (refused.length ? " · " + refused.join(" ") : ""));
      this.grid.sum();
      this.grid.explain();
    }

    /* The whole order was refused: nothing of it is saved, the words stay on the page. */
    refuse(answer) {
      for (const ref of this.sending.keys()) this.grid.byRef.get(ref).mark("refused", answer.sentence || "");
      const sentence = [answer.sentence || say("failed")].concat(answer.faults || []).join(" ");
      this.waiting = new Map([...this.sending, ...this.waiting]);
      this.sending = null;
      this.failures += 1;
      this.complain(sentence, ["retry", () => { this.failures = 0; this.send(); }]);
    }

    putBack(reason) {
      this.waiting = new Map([...this.sending, ...this.waiting]);
      this.sending = null;
      this.failures += 1;
      this.remember();
      const seconds = Math.min(LONGEST_WAIT_S, 2 ** this.failures);
      this.complain(say(reason, { seconds: seconds }), ["retry", () => this.send()]);
      if (reason === "offline") this.timer = window.setTimeout(() => this.send(), seconds * 1000);
    }

    /* Somebody changed the record. Saving again would overwrite their change unseen, so this page stops saving. */
    stop(sentence) {
      this.waiting = new Map([...this.sending, ...this.waiting]);
      this.sending = null;
      this.failures += 1;
      this.isStopped = true;
      this.remember();
      this.complain(sentence + " " + say("moved"), ["reload", () => {
        this.waiting = new Map();
        window.location.reload();
      }]);
    }

    /* Put what an earlier page of this tab could not save beside what the server holds now; the person decides. */
    restore() {
      let kept = [];
      try { kept = JSON.parse(window.sessionStorage.getItem(this.store) || "[]"); } catch (fault) { kept = []; }
      const changes = kept.map(([ref, value]) => [this.grid.byRef.get(ref), value]).filter(([cell, value]) => cell && cell.value !== value);
      if (!changes.length) { this.remember(); return; }
      const before = new Map(changes.map(([cell]) => [cell, cell.value]));
      for (const [cell, value] of changes) {
        cell.write(value);
        cell.mark("waiting", say("kept_cell", { value: before.get(cell) || say("empty") }));
      }
      this.complain(say("kept", { count: changes.length }),
        ["keep_mine", () => { this.complain(""); this.grid.record(changes.map(([cell]) => [cell, before.get(cell)])); }],
        ["drop_mine", () => {
          for (const [cell, value] of before) { cell.write(value); cell.mark("", ""); }
          this.remember();
          this.complain("");
        }]);
    }

    tell(sentence) { if (this.status) this.status.textContent = sentence; }

    complain(sentence, ...choices) {
      this.trouble.textContent = "";
      this.trouble.className = sentence ? "notice notice-warning" : "";
      if (!sentence) return;
      if (this.status) this.status.textContent = "";
      const words = document.createElement("span");
      words.textContent = sentence;
      this.trouble.append(words);
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

  function csrfToken() {
    const meta = document.querySelector('meta[name="csrf-token"]');
    const field = document.querySelector('input[name="csrfmiddlewaretoken"]');
    return meta ? meta.content : field ? field.value : "";
  }

  window.changai.GridSaver = Saver;
})();

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
      this.undecided = new Map();
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
      this.undecided.delete(cell.ref);
      cell.mark("waiting", "");
      this.remember();
      if (this.isStopped) return;
      this.tell(say("unsaved", { count: this.waiting.size }));
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.send(), delay);
    }

    /* Keep what is typed in this tab until the server has it. */
    remember() {
      const undecided = Array.from(this.undecided.keys(), (ref) => [ref, this.grid.byRef.get(ref).value]);
      const all = new Map([...undecided, ...(this.sending || []), ...this.waiting]);
      try {
        if (all.size) window.sessionStorage.setItem(this.store, JSON.stringify(Array.from(all)));
        else window.sessionStorage.removeItem(this.store);
      } catch (fault) { /* a full or forbidden store costs the safety copy, not the work */ }
    }

    async send() {
      window.clearTimeout(this.timer);
      if (this.sending) return this.running;
      if (!this.waiting.size || this.isStopped) return undefined;
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
      this.ask();
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

    /* Returns whether everything is saved, after trying. */
    async flush() {
      do {
        await this.send();
      } while (this.waiting.size && !this.failures && !this.isStopped);
      return !this.isUnsaved;
    }

    /* Put what an earlier page of this tab could not save beside what the server holds now; the person decides. */
    restore() {
      let kept = [];
      try { kept = JSON.parse(window.sessionStorage.getItem(this.store) || "[]"); } catch (fault) { kept = []; }
      for (const [ref, value] of kept) {
        const cell = this.grid.byRef.get(ref);
        if (!cell || cell.value === value) continue;
        const before = cell.value;
        if (!cell.write(value)) continue;
        cell.kept = cell.value;
        cell.mark("waiting", say("kept_cell", { value: before || say("empty") }));
        this.undecided.set(ref, before);
      }
      this.remember();
      this.ask();
    }

    ask() {
      if (!this.undecided.size) { this.complain(""); return; }
      const decide = (act) => () => {
        const befores = Array.from(this.undecided, ([ref, before]) => [this.grid.byRef.get(ref), before]);
        this.undecided = new Map();
        act(befores);
        this.remember();
        this.complain("");
      };
      this.complain(say("kept", { count: this.undecided.size }),
        ["keep_mine", decide((befores) => this.grid.record(befores))],
        ["drop_mine", decide((befores) => {
          for (const [cell, before] of befores) { cell.write(before); cell.kept = cell.value; cell.mark("", ""); }
          this.grid.sum();
        })]);
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

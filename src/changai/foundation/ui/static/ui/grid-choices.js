/* Cells of which two texts exist: what the server holds and what was typed here. The person chooses, cell by cell. */
(function () {
  "use strict";

  const { say } = window.changai;

  class Choices {
    constructor(saver) {
      this.saver = saver;
      this.open = new Map();
      this.box = document.createElement("div");
      this.box.setAttribute("role", "alert");
    }

    /* `theirs` is what the server holds under `version`; `sentence` says how the two came about. */
    add(cell, theirs, version, sentence, isKept) {
      this.open.set(cell.ref, { cell: cell, theirs: theirs, version: version, sentence: sentence, isKept: isKept });
      cell.mark("conflict", sentence);
    }

    drop(ref) { if (this.open.delete(ref)) this.show(); }

    decide(refs, isMine) {
      for (const ref of refs) {
        const { cell, theirs, version } = this.open.get(ref);
        this.open.delete(ref);
        if (version !== undefined && cell.version !== null) cell.version = version;
        cell.held = theirs;
        if (isMine) this.saver.add(cell, 0);
        else { cell.settle(theirs, version); cell.mark("", ""); }
        cell.grid.sum();
      }
      this.saver.remember();
      this.show();
      this.saver.tellState();
    }

    show() {
      this.box.textContent = "";
      this.box.className = this.open.size ? "notice notice-warning grid-choices" : "";
      if (!this.open.size) return;
      const all = Array.from(this.open.values());
      const isKept = all.every((one) => one.isKept);
      const head = document.createElement("p");
      head.textContent = isKept ? say("kept", { count: all.length }) : say("conflicts", { count: all.length });
      this.box.append(head, this.list(all));
      const buttons = document.createElement("div");
      buttons.className = "grid-choices-all";
      buttons.append(this.button("keep_mine", "", this.open.keys(), true), this.button("drop_mine", "", this.open.keys(), false));
      this.box.append(buttons);
    }

    list(all) {
      const list = document.createElement("ul");
      for (const { cell, theirs, sentence } of all) {
        const item = document.createElement("li");
        const name = document.createElement("strong");
        name.textContent = cell.name;
        const both = document.createElement("dl");
        for (const [word, text] of [["theirs", theirs], ["mine", cell.value]]) {
          const term = document.createElement("dt");
          const words = document.createElement("dd");
          term.textContent = say(word);
          words.textContent = text || say("empty");
          both.append(term, words);
        }
        item.append(name, " ", sentence, both, this.button("choose_mine", cell.name, [cell.ref], true), " ", this.button("choose_theirs", cell.name, [cell.ref], false));
        list.append(item);
      }
      return list;
    }

    button(word, name, refs, isMine) {
      const chosen = Array.from(refs);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-secondary";
      button.textContent = say(word);
      if (name) button.setAttribute("aria-label", say(word) + say("colon") + name);
      button.addEventListener("click", () => this.decide(chosen, isMine));
      return button;
    }
  }

  window.changai.GridChoices = Choices;
})();

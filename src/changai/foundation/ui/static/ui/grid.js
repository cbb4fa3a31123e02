/* Spreadsheet grammar over an ordinary table of inputs: <table class="grid" data-save-url data-version>.

   Ready: a cell is focused and its text selected; typing replaces it, arrows move. Typing: arrows still move (not in a
   <textarea>). Editing (F2, double click, a second click): arrows move inside the text. See foundation/ui/README.md. */
(function () {
  "use strict";

  const { say, announce, toast, GridSaver } = window.changai;
  const { parseBlock, writeBlock, plainFigure, exactSum } = window.changai.gridText;
  const AFTER_CELL_MS = 800;
  const WHILE_TYPING_MS = 2500;

  class Cell {
    constructor(td, row, column) {
      this.td = td;
      this.row = row;
      this.column = column;
      this.control = td.querySelector("input:not([type=hidden]), textarea, select");
      if (this.control && (this.control.disabled || this.control.readOnly)) this.control = null;
      this.ref = this.control ? this.control.dataset.ref || this.control.name : "";
      this.kept = this.value;
      this.held = this.value; /* what the server holds, as far as this page knows: sent along, so that nobody is overwritten unseen */
      if (!this.control) td.tabIndex = -1;
      this.standing = td.dataset.remark || ""; // what a reviewer remarked stays readable while it is being mended
      this.mark(td.dataset.state || "", "");
      this.fit();
    }

    get value() {
      if (!this.control) return this.td.textContent.trim();
      return this.control.type === "checkbox" ? (this.control.checked ? "1" : "") : this.control.value;
    }

    /* Returns whether the cell took the text. */
    write(text) {
      const control = this.control;
      if (!control) return false;
      if (control.tagName === "SELECT") {
        const option = Array.from(control.options).find((one) => one.value === text || one.text.trim() === text.trim());
        if (!option) return false;
        control.value = option.value;
      } else if (control.type === "checkbox") control.checked = /^(1|是|√|✓|true)$/i.test(text.trim());
      else if (control.inputMode === "decimal" || control.inputMode === "numeric") control.value = plainFigure(text);
      else control.value = control.tagName === "TEXTAREA" ? text : text.replace(/\s*\n\s*/g, " ");
      this.fit();
      return true;
    }

    mark(state, remark) {
      this.remark = remark || this.standing || (state === "locked" ? say("locked") : "");
      this.td.dataset.state = state;
      this.td.title = this.remark;
    }

    fit() {
      if (!this.control || this.control.tagName !== "TEXTAREA") return;
      this.control.style.height = "auto";
      this.control.style.height = this.control.scrollHeight + 2 + "px";
    }

    focus() {
      const target = this.control || this.td;
      target.focus();
      if (target.select && target.type !== "checkbox") target.select();
      target.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  class Grid {
    constructor(table) {
      this.table = table;
      this.frame = table.closest("form, .panel, main") || document.body;
      this.rows = [];
      this.byRef = new Map();
      this.byNode = new Map();
      this.undone = [];
      this.done = [];
      this.mode = "ready";
      this.read();
      this.current = null;
      this.anchor = null;
      this.note = document.createElement("p");
      this.note.className = "grid-note";
      this.note.setAttribute("aria-live", "polite");
      table.parentElement.after(this.note);
      this.saver = new GridSaver(this);
      this.listen();
      this.saver.restore();
      this.sum();
    }

    read() {
      const heads = this.table.tHead ? Array.from(this.table.tHead.rows[this.table.tHead.rows.length - 1].cells) : [];
      for (const tr of Array.from(this.table.tBodies).flatMap((body) => Array.from(body.rows))) {
        if (!tr.querySelector("td")) continue;
        const row = [];
        for (const td of tr.cells) {
          if (td.tagName !== "TD") continue;
          const cell = new Cell(td, this.rows.length, row.length);
          row.push(cell);
          this.byNode.set(td, cell);
          if (!cell.control) continue;
          this.byRef.set(cell.ref, cell);
          if (!cell.control.labels.length && !cell.control.hasAttribute("aria-label") && !cell.control.hasAttribute("aria-labelledby")) {
            const names = [tr.querySelector("th"), heads[td.cellIndex]].filter(Boolean).map((head) => head.dataset.name || head.textContent.trim());
            cell.control.setAttribute("aria-label", names.join(" "));
          }
        }
        this.rows.push(row);
      }
    }

    listen() {
      const table = this.table;
      table.addEventListener("focusin", (event) => this.enter(this.cellOf(event.target)));
      table.addEventListener("focusout", () => this.commit());
      table.addEventListener("keydown", (event) => { if (!event.isComposing && event.keyCode !== 229) this.press(event); });
      table.addEventListener("mousedown", (event) => this.point(event));
      table.addEventListener("dblclick", (event) => { if (this.cellOf(event.target)) this.mode = "edit"; });
      table.addEventListener("input", (event) => this.type(event));
      table.addEventListener("change", () => this.commit());
      table.addEventListener("copy", (event) => this.copy(event));
      table.addEventListener("paste", (event) => this.paste(event));
      document.addEventListener("submit", (event) => this.holdBack(event), true);
    }

    cellOf(node) { return this.byNode.get(node.closest("td")) || null; }

    enter(cell) {
      if (!cell || cell === this.current) return;
      this.current = cell;
      this.mode = "ready";
      if (!this.isExtending) this.anchor = cell;
      this.paint();
      this.explain();
      if (cell.control && cell.control.select && cell.control.type !== "checkbox") cell.control.select();
    }

    explain() {
      const remark = this.current ? this.current.remark : "";
      if (this.note.textContent !== remark) this.note.textContent = remark;
    }

    /* Cells of the selected block, as rows. */
    get block() {
      if (!this.current) return [];
      const anchor = this.anchor || this.current;
      const [top, bottom] = [anchor.row, this.current.row].sort((a, b) => a - b);
      const [left, right] = [anchor.column, this.current.column].sort((a, b) => a - b);
      return this.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
    }

    paint() {
      for (const td of this.table.querySelectorAll("td.is-selected")) td.classList.remove("is-selected");
      const cells = this.block.flat();
      if (cells.length > 1) for (const cell of cells) cell.td.classList.add("is-selected");
    }

    point(event) {
      const cell = this.cellOf(event.target);
      if (!cell || event.button !== 0) return;
      if (event.shiftKey && this.current) {
        event.preventDefault();
        this.extendTo(cell);
      } else if (cell !== this.current || document.activeElement !== (cell.control || cell.td)) {
        if (cell.control && /^(SELECT)$/.test(cell.control.tagName)) return;
        if (cell.control && cell.control.type === "checkbox") return;
        event.preventDefault();
        cell.focus();
      } else this.mode = "edit";
    }

    extendTo(cell) {
      this.commit();
      this.isExtending = true;
      cell.focus();
      this.isExtending = false;
    }

    /* --- keys */

    press(event) {
      const cell = this.cellOf(event.target);
      if (!cell) return;
      const ctrl = event.ctrlKey || event.metaKey;
      if (ctrl && !event.altKey) this.pressCtrl(event);
      else if (event.key in STEPS) this.pressArrow(event, cell);
      else if (event.key === "Tab") this.pressTab(event, cell);
      else if (event.key === "Enter") this.pressEnter(event, cell);
      else if (event.key === "Escape") this.revert(event, cell);
      else if (event.key === "F2") { event.preventDefault(); this.edit(cell); }
      else if (this.mode !== "ready") return;
      else if (event.key === "Delete" || (event.key === "Backspace" && this.block.flat().length > 1)) {
        event.preventDefault();
        this.change(this.block.flat().filter((one) => one.control).map((one) => [one, ""]));
      } else if (event.key === "Home" || event.key === "End") {
        event.preventDefault();
        const row = this.rows[cell.row];
        (event.key === "Home" ? row[0] : row[row.length - 1]).focus();
      }
    }

    pressArrow(event, cell) {
      const isText = cell.control && cell.control.tagName === "TEXTAREA";
      if (event.altKey || this.mode === "edit" || (this.mode === "type" && isText)) return;
      event.preventDefault();
      const [down, right] = STEPS[event.key];
      const target = (this.rows[cell.row + down] || [])[cell.column + right];
      if (!target) return;
      if (event.shiftKey) this.extendTo(target);
      else target.focus();
    }

    /* Tab leaves the grid at its ends: no keyboard trap. */
    pressTab(event, cell) {
      const cells = this.rows.flat().filter((one) => one.control || one === cell);
      const target = cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)];
      if (!target) return;
      event.preventDefault();
      target.focus();
    }

    pressEnter(event, cell) {
      if (cell.control && cell.control.tagName === "TEXTAREA" && event.altKey) {
        event.preventDefault();
        cell.control.setRangeText("\n", cell.control.selectionStart, cell.control.selectionEnd, "end");
        this.mode = "edit";
        cell.fit();
        return;
      }
      event.preventDefault();
      this.commit();
      this.mode = "ready";
      const target = (this.rows[cell.row + (event.shiftKey ? -1 : 1)] || [])[cell.column];
      (target || cell).focus();
    }

    revert(event, cell) {
      if (this.mode === "ready" || !cell.control) return;
      event.preventDefault();
      cell.write(cell.kept);
      if (this.saver.waiting.has(cell.ref)) this.saver.add(cell, AFTER_CELL_MS);
      this.mode = "ready";
      cell.focus();
    }

    edit(cell) {
      if (!cell.control) return;
      this.mode = "edit";
      if (cell.control.selectionStart == null) return; // a date or a list has no place for a caret
      cell.control.setSelectionRange(cell.control.value.length, cell.control.value.length);
    }

    pressCtrl(event) {
      const key = event.key.toLowerCase();
      if (key === "d") {
        event.preventDefault();
        if (this.mode !== "edit") this.fillDown();
      } else if (this.mode !== "ready") return;
      else if (key === "z" && !event.shiftKey) { event.preventDefault(); this.replay(this.done, this.undone, "undone"); }
      else if (key === "y" || key === "z") { event.preventDefault(); this.replay(this.undone, this.done, "redone"); }
    }

    type(event) {
      const cell = this.cellOf(event.target);
      if (!cell || !cell.control) return;
      if (this.mode === "ready") this.mode = "type";
      cell.fit();
      if (!event.isComposing && cell.control.type !== "checkbox") this.saver.add(cell, WHILE_TYPING_MS);
      this.sum();
    }

    /* --- changes */

    /* Keep what was typed into the current cell. */
    commit() {
      const cell = this.current;
      if (!cell || !cell.control || cell.value === cell.kept) return;
      if (cell.control.inputMode === "decimal" || cell.control.inputMode === "numeric") cell.write(cell.value);
      this.record([[cell, cell.kept]]);
    }

    /* Write texts into cells as one step that can be undone. Returns how many took it. */
    change(pairs) {
      this.commit();
      const written = [];
      for (const [cell, text] of pairs) {
        const before = cell.value;
        if (cell.write(text)) written.push([cell, before]);
      }
      this.record(written.filter(([cell, before]) => cell.value !== before));
      return written.length;
    }

    record(befores) {
      if (!befores.length) return;
      const step = befores.map(([cell, before]) => ({ cell: cell, before: before, after: cell.value }));
      this.done.push(step);
      this.undone = [];
      this.settle(step.map((one) => one.cell));
    }

    settle(cells) {
      for (const cell of cells) {
        cell.kept = cell.value;
        this.saver.add(cell, AFTER_CELL_MS);
      }
      this.sum();
      this.explain();
    }

    replay(from, onto, words) {
      this.commit();
      const step = from.pop();
      if (!step) return;
      const isUndo = from === this.done;
      for (const one of step) one.cell.write(isUndo ? one.before : one.after);
      onto.push(step);
      this.settle(step.map((one) => one.cell));
      step[0].cell.focus();
      announce(say(words));
    }

    fillDown() {
      const block = this.block;
      if (!block.length) return;
      const above = this.rows[block[0][0].row - 1];
      const source = block.length > 1 ? block[0] : above && above.slice(block[0][0].column, block[0][0].column + block[0].length);
      if (!source) return;
      const targets = block.length > 1 ? block.slice(1) : block;
      this.change(targets.flatMap((row) => row.map((cell, i) => [cell, source[i].value])).filter(([cell]) => cell.control));
      this.mode = "ready";
    }

    copy(event) {
      const block = this.block;
      if (this.mode !== "ready" || !block.length || !event.clipboardData) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", writeBlock(block.map((row) => row.map((cell) => shown(cell)))));
    }

    paste(event) {
      if (this.mode === "edit" || !this.current || !event.clipboardData) return;
      const text = event.clipboardData.getData("text/plain");
      const isTable = text.includes("\t") || event.clipboardData.getData("text/html").includes("<table");
      const isOneText = !isTable && this.current.control && this.current.control.tagName === "TEXTAREA";
      event.preventDefault();
      const rows = isOneText ? [[text.replace(/\r\n?/g, "\n").trim()]] : parseBlock(text);
      const selected = this.block;
      const pairs = rows.length === 1 && rows[0].length === 1
        ? selected.flat().map((cell) => [cell, rows[0][0]])
        : this.targets(rows, selected[0][0]);
      const asked = pairs.length;
      const written = this.change(pairs.filter(([cell]) => cell));
      const words = written === asked ? say("pasted", { count: written }) : say("pasted_some", { count: written, skipped: asked - written });
      if (written === asked) announce(words);
      else toast(words, "warning");
      this.mode = "ready";
      this.current.focus();
    }

    targets(rows, corner) {
      return rows.flatMap((row, down) => row.map((text, right) => {
        return [(this.rows[corner.row + down] || [])[corner.column + right], text];
      }));
    }

    sum() {
      for (const foot of this.table.querySelectorAll("tfoot [data-sum]")) {
        const cells = this.rows.flat().filter((cell) => cell.td.cellIndex === foot.cellIndex);
        foot.textContent = exactSum(cells.map((cell) => cell.value));
      }
    }

    /* A form that leaves the page waits until every cell is saved. */
    holdBack(event) {
      const form = event.target;
      this.commit();
      const isSave = event.submitter && event.submitter.dataset.gridSave !== undefined;
      if (form.method !== "post" || !this.saver.url || !(isSave || this.saver.isUnsaved)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.saver.flush().then((isSaved) => {
        if (!isSave && isSaved) form.requestSubmit(event.submitter || undefined);
      });
    }
  }

  function shown(cell) {
    const control = cell.control;
    return control && control.tagName === "SELECT" ? control.options[control.selectedIndex].text : cell.value;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table.grid")) new Grid(table);
  });
})();

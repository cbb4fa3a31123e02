/* Spreadsheet grammar over an ordinary table of inputs: <table class="grid" data-save-url data-version>.

   Ready: a cell is focused and its text selected; typing replaces it, arrows move. Typing: arrows still move (not in a
   <textarea>). Editing (F2, double click, a second click): arrows move inside the text. See foundation/ui/README.md.
   Cells: grid-cell.js; blocks, clipboard and sums: grid-block.js; saving: grid-save.js. */
(function () {
  "use strict";

  const { say, announce, toast, GridCell, GridSaver, gridBlocks } = window.changai;
  const AFTER_CELL_MS = 800;
  const WHILE_TYPING_MS = 2500;
  const PAGE_ROWS = 10;

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  class Grid {
    constructor(table) {
      this.table = table;
      this.frame = table.closest("form, .panel, main") || document.body;
      this.rows = [];
      this.byNode = new Map();
      this.mode = "ready";
      this.reasons = document.createElement("div");
      this.reasons.hidden = true;
      this.note = document.createElement("p");
      this.note.className = "grid-note";
      this.note.setAttribute("aria-live", "polite");
      this.selection = document.createElement("p");
      this.selection.className = "grid-selection";
      this.selection.setAttribute("role", "status");
      const foot = document.createElement("div");
      foot.className = "grid-foot";
      this.length = document.createElement("p");
      this.length.className = "grid-selection";
      foot.append(this.note, this.length, this.selection);
      table.parentElement.after(foot, this.reasons);
      this.saver = GridSaver.of(this);
      this.read();
      this.current = null;
      this.anchor = null;
      this.listen();
      this.sum();
    }

    read() {
      const heads = this.table.tHead ? Array.from(this.table.tHead.rows[this.table.tHead.rows.length - 1].cells) : [];
      for (const tr of Array.from(this.table.tBodies).flatMap((body) => Array.from(body.rows))) {
        if (!tr.querySelector("td")) continue;
        const row = [];
        for (const td of tr.cells) {
          if (td.tagName !== "TD") continue;
          const cell = new GridCell(this, td, this.rows.length, row.length);
          row.push(cell);
          this.byNode.set(td, cell);
          if (!cell.control) continue;
          this.saver.cells.set(cell.ref, cell);
          if (!cell.control.labels.length && !cell.control.hasAttribute("aria-label") && !cell.control.hasAttribute("aria-labelledby")) {
            const names = [tr.querySelector("th"), heads[td.cellIndex]].filter(Boolean).map((head) => head.dataset.name || head.textContent.trim());
            cell.control.setAttribute("aria-label", names.join(" "));
          }
        }
        this.rows.push(row);
      }
      const all = this.rows.flat();
      if (all.length && !all.some((cell) => cell.control)) all[0].td.tabIndex = 0; // a locked grid can be read by keys, too
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
      table.addEventListener("cut", (event) => this.cut(event));
      table.addEventListener("paste", (event) => this.paste(event));
    }

    cellOf(node) { return this.byNode.get(node.closest("td")) || null; }

    enter(cell) {
      if (!cell || cell === this.current) return;
      this.current = cell;
      this.mode = "ready";
      if (!this.isExtending) this.anchor = cell;
      this.paint();
      this.explain();
      this.table.dispatchEvent(new CustomEvent("grid:enter", { bubbles: true, detail: cell }));
      if (cell.control && cell.control.select && cell.control.type !== "checkbox") cell.control.select();
    }

    explain() {
      const remark = this.current ? this.current.remark : "";
      if (this.note.textContent !== remark) this.note.textContent = remark;
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
      else if (event.key === "F2") {
        event.preventDefault();
        if (event.shiftKey) this.table.dispatchEvent(new CustomEvent("grid:open", { bubbles: true, detail: cell }));
        else this.edit(cell);
      }
      else if (this.mode !== "ready") return;
      else if (event.key === "Delete" || (event.key === "Backspace" && this.selected().flat().length > 1)) {
        event.preventDefault();
        this.change(this.selected().flat().filter((one) => one.control).map((one) => [one, ""]));
      } else if (event.key === "Home" || event.key === "End") {
        event.preventDefault();
        const row = this.rows[cell.row];
        (event.key === "Home" ? row[0] : row[row.length - 1]).focus();
      } else if (event.key === "PageUp" || event.key === "PageDown") {
        event.preventDefault();
        const row = Math.max(0, Math.min(this.rows.length - 1, cell.row + (event.key === "PageUp" ? -PAGE_ROWS : PAGE_ROWS)));
        (this.rows[row][cell.column] || cell).focus();
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
      const act = {
        d: () => this.fillDown(),
        z: () => this.replay(!event.shiftKey),
        y: () => this.replay(false),
        a: () => this.selectAll(),
        home: () => this.rows[0][0].focus(),
        end: () => this.rows[this.rows.length - 1].slice(-1)[0].focus(),
      }[key];
      if (!act || (this.mode !== "ready" && !(key === "d" && this.mode === "type"))) {
        if (key === "d") event.preventDefault(); // the browser would bookmark the page
        return;
      }
      event.preventDefault();
      act();
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
      if (cell.isFigure) cell.write(cell.value);
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
      this.saver.history.done.push(step);
      this.saver.history.undone = [];
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

    /* What somebody else has written over since is theirs: undoing passes it by and says so. */
    replay(isUndo) {
      this.commit();
      const { done, undone } = this.saver.history;
      const step = (isUndo ? done : undone).pop();
      if (!step) return;
      const own = step.filter((one) => one.cell.value === (isUndo ? one.after : one.before));
      for (const one of own) one.cell.write(isUndo ? one.before : one.after);
      (isUndo ? undone : done).push(step);
      for (const grid of new Set(own.map((one) => one.cell.grid))) grid.settle(own.map((one) => one.cell).filter((cell) => cell.grid === grid));
      step[0].cell.focus();
      if (own.length < step.length) toast(say("undone_some", { count: step.length - own.length }), "warning");
      else announce(say(isUndo ? "undone" : "redone"));
    }
  }

  Object.assign(Grid.prototype, gridBlocks);

  document.addEventListener("DOMContentLoaded", () => {
    window.changai.grids = Array.from(document.querySelectorAll("table.grid"), (table) => new Grid(table));
    for (const saver of new Set(window.changai.grids.map((grid) => grid.saver))) saver.restore();
    document.dispatchEvent(new CustomEvent("grid:ready"));
  });
})();

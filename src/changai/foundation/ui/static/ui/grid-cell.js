/* One cell of a grid: its control, its text, its state and the reason of it. */
(function () {
  "use strict";

  const { say } = window.changai;
  const { plainFigure } = window.changai.gridText;
  const STATES = ["waiting", "saving", "saved", "warning", "refused", "conflict", "returned", "locked", "prefilled"];
  let number = 0;

  /* What a locked cell says, without the mark that leads to more about it. */
  function wordsOf(node) { return node.matches && node.matches(".cell-more, .cell-last") ? "" : node.textContent; }

  class Cell {
    constructor(grid, td, row, column) {
      this.grid = grid;
      this.td = td;
      this.row = row;
      this.column = column;
      this.control = td.querySelector("input:not([type=hidden]), textarea, select");
      if (this.control && (this.control.disabled || this.control.readOnly)) this.control = null;
      this.fixed = this.control ? "" : Array.from(td.childNodes, wordsOf).join("").trim();
      this.ref = this.control ? this.control.dataset.ref || this.control.name : td.dataset.ref || "";
      this.kept = this.value;
      this.held = this.value; /* what the server holds, as far as this page knows: sent along, so that nobody is overwritten unseen */
      this.version = this.control && this.control.dataset.cellVersion !== undefined ? Number(this.control.dataset.cellVersion) : null;
      if (!this.control) td.tabIndex = -1;
      this.standing = td.dataset.remark || ""; // what a reviewer remarked stays readable while it is being mended
      this.mark(td.dataset.state || "", "");
      this.fit();
    }

    get value() {
      if (!this.control) return this.fixed;
      return this.control.type === "checkbox" ? (this.control.checked ? "1" : "") : this.control.value;
    }

    get name() { return (this.control && this.control.getAttribute("aria-label")) || this.ref; }

    get isFigure() { return Boolean(this.control) && ["decimal", "numeric"].includes(this.control.inputMode); }

    /* Returns whether the cell took the text. */
    write(text) {
      const control = this.control;
      if (!control) return false;
      if (control.tagName === "SELECT") {
        const option = Array.from(control.options).find((one) => one.value === text || one.text.trim() === text.trim());
        if (!option) return false;
        control.value = option.value;
      } else if (control.type === "checkbox") control.checked = /^(1|是|√|✓|true)$/i.test(text.trim());
      else if (this.isFigure) control.value = plainFigure(text);
      else control.value = control.tagName === "TEXTAREA" ? text : text.replace(/\s*\n\s*/g, " ");
      this.fit();
      return true;
    }

    /* What the server holds now is what the cell says. */
    settle(text, version) {
      this.write(text);
      this.kept = this.value;
      this.held = this.value;
      if (version !== undefined && this.version !== null) this.version = version;
    }

    mark(state, remark) {
      const reason = remark || this.standing || "";
      const word = STATES.includes(state) && (state !== "saved" || !reason) ? say("cell_" + state) : "";
      this.remark = word && reason ? word + say("colon") + reason : word || reason;
      this.td.dataset.state = state;
      this.td.title = this.remark;
      this.describe();
    }

    /* The reason is read out with the cell, not only shown by colour. */
    describe() {
      const target = this.control || this.td;
      if (!this.described) {
        if (!this.remark) return;
        this.described = document.createElement("span");
        this.described.id = "grid-why-" + (number += 1);
        this.described.hidden = true;
        this.grid.reasons.append(this.described);
        target.setAttribute("aria-describedby", this.described.id);
      }
      this.described.textContent = this.remark;
      if (["refused", "conflict"].includes(this.td.dataset.state)) target.setAttribute("aria-invalid", "true");
      else target.removeAttribute("aria-invalid");
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

  window.changai.GridCell = Cell;
})();

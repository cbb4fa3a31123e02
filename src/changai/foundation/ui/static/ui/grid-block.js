/* Blocks of cells: selecting, the clipboard, filling down, and the sums. Mixed into the grid. */
(function () {
  "use strict";

  const { say, announce, toast } = window.changai;
  const { parseBlock, writeBlock, figuresIn, exactSum, exactMean } = window.changai.gridText;

  const gridBlocks = {
    /* The selected cells, as rows. */
    selected() {
      if (!this.current) return [];
      const anchor = this.anchor || this.current;
      const [top, bottom] = [anchor.row, this.current.row].sort((a, b) => a - b);
      const [left, right] = [anchor.column, this.current.column].sort((a, b) => a - b);
      return this.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
    },

    paint() {
      for (const td of this.table.querySelectorAll("td.is-selected")) td.classList.remove("is-selected");
      const cells = this.selected().flat();
      if (cells.length > 1) for (const cell of cells) cell.td.classList.add("is-selected");
      this.tellSelection(cells);
    },

    tellSelection(cells) {
      const figures = figuresIn(cells.map((cell) => cell.value));
      let words = "";
      if (cells.length > 1) words = say("selected", { count: cells.length });
      if (cells.length > 1 && figures.length) words += say("selected_sum", { sum: exactSum(figures), mean: exactMean(figures) });
      if (this.selection.textContent !== words) this.selection.textContent = words;
      this.length.textContent = cells.length === 1 ? lengthOf(cells[0]) : "";
    },

    selectAll() {
      const last = this.rows[this.rows.length - 1];
      this.anchor = this.rows[0][0];
      this.extendTo(last[last.length - 1]);
    },

    fillDown() {
      const block = this.selected();
      if (!block.length) return;
      const above = this.rows[block[0][0].row - 1];
      const source = block.length > 1 ? block[0] : above && above.slice(block[0][0].column, block[0][0].column + block[0].length);
      if (!source) return;
      const targets = block.length > 1 ? block.slice(1) : block;
      this.change(targets.flatMap((row) => row.map((cell, i) => [cell, source[i].value])).filter(([cell]) => cell.control));
      this.mode = "ready";
    },

    copy(event) {
      const block = this.selected();
      if (this.mode !== "ready" || !block.length || !event.clipboardData) return false;
      event.preventDefault();
      event.clipboardData.setData("text/plain", writeBlock(block.map((row) => row.map((cell) => shown(cell)))));
      return true;
    },

    cut(event) {
      if (this.copy(event)) this.change(this.selected().flat().filter((cell) => cell.control).map((cell) => [cell, ""]));
    },

    paste(event) {
      if (this.mode === "edit" || !this.current || !event.clipboardData) return;
      const text = event.clipboardData.getData("text/plain");
      const isTable = text.includes("\t") || event.clipboardData.getData("text/html").includes("<table");
      const isOneText = !isTable && this.current.control && this.current.control.tagName === "TEXTAREA";
      event.preventDefault();
      const rows = isOneText ? [[text.replace(/\r\n?/g, "\n").trim()]] : parseBlock(text);
      const selected = this.selected();
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
    },

    targets(rows, corner) {
      return rows.flatMap((row, down) => row.map((text, right) => {
        return [(this.rows[corner.row + down] || [])[corner.column + right], text];
      }));
    },

    /* Sums of columns stand in the foot, sums of rows in cells marked data-sum="row". */
    sum() {
      for (const foot of this.table.querySelectorAll("tfoot [data-sum]")) {
        const cells = this.rows.flat().filter((cell) => cell.td.cellIndex === foot.cellIndex);
        foot.textContent = exactSum(cells.map((cell) => cell.value));
      }
      for (const row of this.rows) {
        for (const cell of row) {
          if (cell.td.dataset.sum !== "row") continue;
          cell.fixed = exactSum(row.filter((one) => one.isFigure).map((one) => one.value));
          cell.td.textContent = cell.fixed;
        }
      }
      this.tellSelection(this.selected().flat());
    },
  };

  /* How long the words are, against data-least, data-good (advised) and data-most. */
  function lengthOf(cell) {
    if (!cell.control || !cell.control.dataset.most) return "";
    const [least, good, most] = ["least", "good", "most"].map((name) => Number(cell.control.dataset[name] || 0));
    const count = Array.from(cell.value.trim()).length;
    if (count > most) return say("length_over", { count: count, over: count - most, most: most });
    if (count && count < least) return say("length_short", { count: count, short: least - count, least: least });
    if (good && count > good) return say("length_long", { count: count, good: good });
    return say("length", { count: count, most: most });
  }

  function shown(cell) {
    const control = cell.control;
    return control && control.tagName === "SELECT" ? control.options[control.selectedIndex].text : cell.value;
  }

  window.changai.gridBlocks = gridBlocks;
})();

/* Texts and figures of the grid: blocks of a clipboard, numbers typed elsewhere, exact sums. Pure. */
(function () {
  "use strict";

  /* Rows of cells as Excel and WPS copy them: tabs, line breaks, and quotes around cells that hold either. */
  function parseBlock(text) {
    const rows = [[]];
    let cell = "";
    let quoted = false;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let i = 0; i < source.length; i += 1) {
      const sign = source[i];
      if (quoted) {
        if (sign !== '"') cell += sign;
        else if (source[i + 1] === '"') { cell += sign; i += 1; } else quoted = false;
      } else if (sign === '"' && cell === "") quoted = true;
      else if (sign === "\t" || sign === "\n") {
        rows[rows.length - 1].push(cell);
        cell = "";
        if (sign === "\n") rows.push([]);
      } else cell += sign;
    }
    rows[rows.length - 1].push(cell);
    return rows;
  }

  function writeBlock(rows) {
    const written = (text) => (/["\t\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text);
    return rows.map((row) => row.map(written).join("\t")).join("\r\n");
  }

  /* Full-width digits, thousands separators and blanks of figures typed elsewhere. */
  function plainFigure(text) {
    const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
    return /^[+-]?\d*\.?\d+%?$/.test(plain) ? plain : text.trim();
  }

  function figuresIn(texts) {
    return texts.map((text) => plainFigure(text)).filter((text) => /^[+-]?\d*\.?\d+$/.test(text));
  }

  /* Exact: binary fractions would show 0.1 + 0.2 as 0.30000000000000004. */
  function exactTotal(texts) {
    const figures = figuresIn(texts);
    const scale = Math.max(0, ...figures.map((text) => (text.split(".")[1] || "").length));
    let total = BigInt(0);
    for (const text of figures) {
      const [whole, part = ""] = text.replace("+", "").split(".");
      total += BigInt(whole.replace(/^-?$/, "$&0") + part.padEnd(scale, "0"));
    }
    return { total: total, scale: scale, count: figures.length };
  }

  function written(total, scale) {
    const digits = (total < 0 ? -total : total).toString().padStart(scale + 1, "0");
    const whole = digits.slice(0, digits.length - scale).replace(/\B(?=(\d{3})+$)/g, ",");
    return (total < 0 ? "-" : "") + whole + (scale ? "." + digits.slice(-scale) : "");
  }

  function exactSum(texts) {
    const { total, scale } = exactTotal(texts);
    return written(total, scale);
  }

  /* The mean to two decimals more than the figures have, rounded half away from zero. */
  function exactMean(texts) {
    const { total, scale, count } = exactTotal(texts);
    if (!count) return "";
    const size = (total < 0 ? -total : total) * BigInt(100);
    const rounded = (size * BigInt(2) + BigInt(count)) / BigInt(count * 2);
    return written(total < 0 ? -rounded : rounded, scale + 2).replace(/\.?0+$/, "");
  }

  window.changai.gridText = { parseBlock: parseBlock, writeBlock: writeBlock, plainFigure: plainFigure, figuresIn: figuresIn, exactSum: exactSum, exactMean: exactMean };
})();

/* Draws every figure[data-chart] from its JSON option with ECharts: house colours, patterns for print and for
   people who do not tell colours apart, Chinese type, no motion where it is not wanted. */
(function () {
  "use strict";

  const COLOURS = ["#a8151c", "#2f6690", "#c77f0a", "#3d7d57", "#7a5c8e", "#8a6d4b", "#54808c", "#b5565a"];
  const FONT = getComputedStyle(document.documentElement).getPropertyValue("--sans") || "sans-serif";
  const ROW_PX = 22;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const HOUSE = {
    color: COLOURS,
    textStyle: { fontFamily: FONT, color: "#22262b" },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    categoryAxis: { axisLine: { lineStyle: { color: "#cdc6ba" } }, axisTick: { show: false }, axisLabel: { color: "#3d434a" }, splitLine: { show: false } },
    valueAxis: { axisLine: { show: false }, axisLabel: { color: "#5b626b" }, splitLine: { lineStyle: { color: "#ece7dd" } } },
    legend: { top: 0, left: 0, itemWidth: 18, itemHeight: 11, textStyle: { color: "#3d434a" } },
    line: { symbolSize: 7, lineStyle: { width: 2.5 } },
    bar: { barMaxWidth: 26 },
  };

  function draw(figure) {
    const option = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const canvas = figure.querySelector(".chart-canvas");
    /* As many rows as there are names: none is left out, however many units there are. */
    const names = option.yAxis && option.yAxis.type === "category" && option.yAxis.show !== false ? option.yAxis.data : [];
    const needed = names.length * ROW_PX + 80;
    if (canvas.clientHeight < needed) canvas.style.height = needed + "px";
    const chart = window.echarts.init(canvas, "changai", { renderer: "svg", locale: document.documentElement.lang === "en" ? "EN" : "ZH" });
    const many = Array.isArray(option.series) && option.series.length > 1;
    const pie = Array.isArray(option.series) && option.series.some((one) => one.type === "pie");
    const defaults = {
      animation: !still,
      animationDuration: 300,
      grid: HOUSE.grid,
      aria: { enabled: true, decal: { show: many || pie } },
    };
    /* The usual tooltip is HTML with inline styles, which the content security policy refuses. */
    const tooltip = Object.assign({ trigger: pie ? "item" : "axis", confine: true, renderMode: "richText" }, option.tooltip);
    chart.setOption(Object.assign(defaults, option, { tooltip: tooltip }));
    chart.on("click", (event) => {
      if (event.data && event.data.link) window.location.assign(event.data.link);
    });
    return chart;
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.echarts) return;
    window.echarts.registerTheme("changai", HOUSE);
    const charts = Array.from(document.querySelectorAll("figure[data-chart]"), draw);
    const fit = () => charts.forEach((chart) => chart.resize());
    let waiting = 0;
    window.addEventListener("resize", () => { window.clearTimeout(waiting); waiting = window.setTimeout(fit, 120); });
    window.addEventListener("beforeprint", fit);
  });
})();

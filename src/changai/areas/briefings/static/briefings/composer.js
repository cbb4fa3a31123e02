/* The composer without round trips: blocks move on the page, figures go in at the cursor, everything saves itself.
   Without this script each button is an order to the server and the page comes back changed. */
(function () {
  "use strict";

  const form = document.querySelector("[data-composer]");
  if (!form || !window.fetch || !window.FormData) return;

  const { announce } = window.changai;
  const words = form.dataset;
  const list = form.querySelector("[data-blocks]");
  const status = form.querySelector("[data-status]");
  const QUIET_MS = 3000;
  const LONGEST_WAIT_S = 60;

  /* -- blocks */

  const blocks = () => Array.from(list.querySelectorAll("[data-block]"));

  function renumber() {
    const all = blocks();
    all.forEach((block, place) => {
      const number = place + 1;
      block.id = "block-" + number;
      block.querySelector("legend").textContent = words.nth.replace("{number}", number);
      block.querySelector(".block-number").textContent = number;
      for (const button of block.querySelectorAll("[data-order]")) button.value = button.dataset.order + ":" + number;
    });
    for (const button of form.querySelectorAll("[data-end]")) button.value = button.dataset.order + ":" + all.length;
    const nothing = list.querySelector("[data-nothing]");
    if (nothing && all.length) nothing.remove();
  }

  function fit(area) {
    area.style.height = "auto";
    area.style.height = area.scrollHeight + 2 + "px";
  }

  function focusOn(block) {
    const control = block && block.querySelector("[data-text], .block-source");
    if (control) control.focus();
    if (block && block.scrollIntoView) block.scrollIntoView({ block: "nearest" });
  }

  function carryOut(button) {
    const block = button.closest("[data-block]");
    const [verb, kind] = button.dataset.order.split(":");
    if (verb === "add") {
      const fresh = document.querySelector('template[data-fresh="' + kind + '"]').content.firstElementChild.cloneNode(true);
      fresh.querySelector("[data-fault]").textContent = "";
      if (block) block.after(fresh);
      else list.append(fresh);
      const opened = button.closest("details");
      if (opened) opened.open = false;
      renumber();
      focusOn(fresh);
    } else if (verb === "delete") {
      const next = block.nextElementSibling || block.previousElementSibling;
      block.remove();
      renumber();
      focusOn(next);
    } else {
      const other = verb === "up" ? block.previousElementSibling : block.nextElementSibling;
      if (!other) return;
      if (verb === "up") other.before(block);
      else other.after(block);
      renumber();
      button.focus();
    }
    changed(0);
  }

  /* -- saving */

  let edition = 0;
  let savedEdition = 0;
  let timer = 0;
  let running = null;
  let failures = 0;
  let isStopped = false;

  function tell(sentence, isTrouble, link) {
    status.textContent = sentence;
    status.classList.toggle("is-trouble", Boolean(isTrouble));
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = window.location.pathname;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = link;
    status.append(" ", anchor);
  }

  function changed(wait) {
    edition += 1;
    if (isStopped) return;
    tell(words.unsaved);
    later(wait === undefined ? QUIET_MS : wait);
  }

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  }

  /* Save what is on the page; resolves to whether the server has all of it. */
  async function save() {
    window.clearTimeout(timer);
    while (running) await running; // several may wait: each looks again, or two would send the same version
    if (isStopped) return false;
    if (edition === savedEdition) return true;
    running = post(edition);
    const isSaved = await running;
    running = null;
    return isSaved;
  }

  async function post(sent) {
    tell(words.saving);
    const body = new FormData(form);
    body.delete("once"); // one key stands for one order; here the version guards
    let response;
    try {
      response = await fetch(form.action, { method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" } });
    } catch (fault) {
      return retry();
    }
    const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
    if (response.redirected || response.status === 401 || (response.status === 403 && !isJson)) return trouble(words.signedOut);
    if (response.status >= 500 || response.status === 429) return retry();
    const answer = isJson ? await response.json() : {};
    if (response.status === 409) return moved(answer.sentence);
    if (!response.ok || !isJson) return trouble([answer.sentence || words.failed].concat(answer.faults || []).join(" "));
    accept(answer, sent);
    return edition === sent;
  }

  function retry() {
    failures += 1;
    tell(words.offline, true);
    later(1000 * Math.min(LONGEST_WAIT_S, 2 ** failures));
    return false;
  }

  function trouble(sentence) {
    tell(sentence, true);
    announce(sentence);
    return false;
  }

  /* Somebody changed the briefing: saving again would overwrite their change unseen. */
  function moved(sentence) {
    isStopped = true;
    tell((sentence || "") + " " + words.failed, true, words.latest);
    return false;
  }

  function accept(answer, sent) {
    failures = 0;
    savedEdition = sent;
    form.elements.version.value = answer.version;
    form.querySelector("[data-characters]").textContent = answer.characters;
    const count = form.querySelector(".composer-count");
    count.classList.toggle("is-over", answer.characters > Number(count.dataset.limit));
    if (edition !== sent) { later(QUIET_MS); return; }
    blocks().forEach((block, place) => {
      const fault = block.querySelector("[data-fault]");
      if (fault.textContent !== answer.faults[place]) fault.textContent = answer.faults[place];
    });
    tell(words.saved + " " + new Date().toTimeString().slice(0, 5));
  }

  /* -- the catalogue */

  let inHand = null;
  const catalogue = document.querySelector("[data-catalogue]");

  function insert(name) {
    const area = inHand && document.contains(inHand) ? inHand : null;
    if (!area) { tell(words.noPlace, true); announce(words.noPlace); return; }
    area.focus();
    if (area.matches("[data-figure]")) {
      area.value = name;
      const verb = area.closest("[data-block]").querySelector("[data-verb]");
      if (!verb.value) verb.value = "present";
      announce(words.inserted + name);
      changed();
      return;
    }
    const token = "【" + name + "】";
    area.setRangeText(token, area.selectionStart, area.selectionEnd, "end");
    fit(area);
    announce(words.inserted + name);
    changed();
  }

  function narrow(written) {
    const wanted = written.trim().toLowerCase();
    let found = 0;
    for (const group of catalogue.querySelectorAll("[data-group]")) {
      let inGroup = 0;
      for (const entry of group.querySelectorAll("[data-entry]")) {
        entry.hidden = !entry.dataset.entry.toLowerCase().includes(wanted);
        if (!entry.hidden) inGroup += 1;
      }
      group.hidden = !inGroup;
      found += inGroup;
    }
    catalogue.querySelector("[data-no-match]").hidden = found > 0;
  }

  /* -- writing and preview */

  async function show(face) {
    for (const button of form.querySelectorAll("[data-face]")) button.setAttribute("aria-pressed", String(button.dataset.face === face));
    const panel = form.querySelector('[data-panel="preview"]');
    form.querySelector('[data-panel="write"]').hidden = face !== "write";
    panel.hidden = face !== "preview";
    if (face !== "preview") return;
    window.scrollTo(0, 0);
    panel.textContent = words.drawing;
    if (!(await save())) { panel.textContent = status.textContent; return; }
    try {
      const response = await fetch(words.previewUrl, { credentials: "same-origin", headers: { Accept: "text/html, application/json" } });
      if (response.ok && !response.redirected) panel.innerHTML = await response.text();
      else if ((response.headers.get("Content-Type") || "").includes("json")) panel.textContent = (await response.json()).sentence;
      else panel.textContent = words.signedOut;
    } catch (fault) {
      panel.textContent = words.offline;
    }
  }

  /* -- what people do */

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button && button.dataset.order) carryOut(button);
    else { edition += 1; failures = 0; save(); }
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-text]")) fit(event.target);
    changed();
  });
  form.addEventListener("change", (event) => {
    const kind = event.target.closest(".block-kind");
    if (kind) kind.closest("[data-block]").className = "block block-" + kind.value;
  });
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-text], [data-figure]")) return;
    inHand = event.target;
    for (const block of blocks()) block.classList.toggle("is-in-hand", block.contains(inHand));
  });
  form.addEventListener("click", (event) => {
    const face = event.target.closest("[data-face]");
    if (face) show(face.dataset.face);
  });
  catalogue.addEventListener("click", (event) => {
    const entry = event.target.closest("[data-token]");
    if (entry) insert(entry.dataset.token);
  });
  catalogue.querySelector("[data-filter]").addEventListener("input", (event) => narrow(event.target.value));
  catalogue.querySelector("[data-filter]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const first = catalogue.querySelector("[data-entry]:not([hidden]) [data-token]");
    if (first && first.offsetParent) first.focus();
  });
  window.addEventListener("beforeunload", (event) => {
    if (edition === savedEdition) return;
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("online", () => { if (edition !== savedEdition) save(); });

  form.querySelector("[data-faces]").hidden = false;
  catalogue.querySelector("[data-with-script]").hidden = false;
  for (const area of form.querySelectorAll("[data-text]")) fit(area);
})();

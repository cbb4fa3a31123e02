/* The composer without round trips: blocks move on the page, figures go in at the cursor, everything saves itself.
   Without this script each button is an order to the server and the page comes back changed. */
(function () {
  "use strict";

  const form = document.querySelector("[data-composer]");
  if (!form || !window.fetch || !window.FormData) return;

  const { announce, kept } = window.changai;
  const words = form.dataset;
  const list = form.querySelector("[data-blocks]");
  const status = form.querySelector("[data-status]");
  const preview = form.querySelector('[data-panel="preview"]');
  const QUIET_MS = 3000;
  const LONGEST_WAIT_S = 60;
  const KEEP_EVERY_MS = 1000;

  /* -- blocks */

  const blocks = () => Array.from(list.querySelectorAll("[data-block]"));

  function renumber() {
    const all = blocks();
    all.forEach((block, place) => {
      const number = place + 1;
      block.id = "block-" + number;
      block.querySelector("legend").textContent = words.nth.replace("{number}", number);
      block.querySelector(".block-number").textContent = number;
      for (const file of block.querySelectorAll("[data-picture]")) file.name = "picture-" + number;
      for (const button of block.querySelectorAll("[data-order]")) button.value = button.dataset.order + ":" + number;
    });
    for (const button of form.querySelectorAll("[data-end]")) button.value = button.dataset.order + ":" + all.length;
    const nothing = list.querySelector("[data-nothing]");
    if (nothing && all.length) nothing.remove();
  }

  /* -- deleted blocks, the last one first to come back. The server is told with the next save, and keeps them when the
     page is gone; what was done before this page was opened is undone there. */

  const removed = [];
  const undo = form.querySelector("[data-undo]");
  const undoWords = undo.querySelector("[data-undo-words]");
  const undoneThere = { isOffered: !undo.hidden, words: undoWords.textContent };
  let told = []; // what was deleted and brought back since the server last knew

  function offerUndo() {
    undo.hidden = !removed.length && !undoneThere.isOffered;
    undoWords.textContent = removed.length ? words.undoRemoval : undoneThere.words;
  }

  function tellRemovals(events) {
    told = events;
    form.elements.removals.value = told.length ? JSON.stringify(told) : "";
  }

  function fresh(kind) {
    const block = document.querySelector('template[data-fresh="' + kind + '"]').content.firstElementChild.cloneNode(true);
    block.querySelector("[data-fault]").textContent = "";
    return block;
  }

  function copyOf(block) {
    const copy = block.cloneNode(true);
    const from = block.querySelectorAll("select, textarea, input");
    copy.querySelectorAll("select, textarea, input").forEach((control, place) => { if (control.type !== "file") control.value = from[place].value; });
    return copy;
  }

  function fit(area) {
    area.style.height = "auto";
    area.style.height = area.scrollHeight + 2 + "px";
  }

  function focusOn(block) {
    const control = block && block.querySelector("[data-text], .block-source, [data-picture]");
    if (control) control.focus();
    if (block && block.scrollIntoView) block.scrollIntoView({ block: "nearest" });
  }

  function carryOut(button) {
    const block = button.closest("[data-block]");
    const [verb, kind] = button.dataset.order.split(":");
    if (verb === "split") { splitOnServer(block); return; }
    if (verb === "restore" && !removed.length) { send("restore"); return; } // deleted before this page was opened
    const all = blocks();
    const place = all.indexOf(block);
    const inHand = ORDERS[verb](block, all, place, kind, button);
    if (!inHand) return;
    const opened = button.closest("details");
    if (opened && verb === "add") opened.open = false;
    renumber();
    if (verb === "up" || verb === "down") { inHand.scrollIntoView({ block: "nearest" }); button.focus(); } else focusOn(inHand);
    changed(0);
  }

  /* Each changes the page and returns the block it leaves in hand, nothing when there is nothing to do. */
  const ORDERS = {
    add(block, all, place, kind, button) {
      const added = fresh(kind);
      if (block) block.after(added);
      else if ("first" in button.dataset) list.prepend(added);
      else list.append(added);
      return added;
    },
    copy(block) {
      const copy = copyOf(block);
      block.after(copy);
      return copy;
    },
    delete(block, all, place) {
      const values = valuesOf(block);
      const isWorthKeeping = Boolean((values.text || "").trim() || values.source);
      removed.push({ block: block, place: place, isTold: isWorthKeeping });
      if (isWorthKeeping) tellRemovals(told.concat({ block: values, number: place + 1 }));
      block.remove();
      offerUndo();
      tell(words.removed);
      announce(words.removed);
      return all[place + 1] || all[place - 1] || list;
    },
    restore(block, all) {
      const last = removed.pop();
      if (last.place < all.length) all[last.place].before(last.block);
      else list.append(last.block);
      if (last.isTold) tellRemovals(told.concat("restored"));
      offerUndo();
      return last.block;
    },
    up(block, all, place) {
      if (place < 1) return null;
      all[place - 1].before(block);
      return block;
    },
    down(block, all, place) {
      if (place + 1 >= all.length) return null;
      all[place + 1].after(block);
      return block;
    },
  };

  /* Send the form as a page, with an order for the server: it answers with the whole composer. What is written is saved
     before, in the background: a page that answers with the sign-in would have lost it. */
  async function send(order, more) {
    if (!isStopped && !(await save())) return;
    while (running) await running;
    if (isStopped && order) return;
    for (const [name, value] of Object.entries(Object.assign(order ? { order: order } : {}, more))) {
      const hidden = document.createElement("input");
      form.append(Object.assign(hidden, { type: "hidden", name: name, value: value }));
    }
    isLeaving = true;
    HTMLFormElement.prototype.submit.call(form);
  }

  /* Go to another page once what is written is saved. */
  async function goTo(link) {
    if (!(await save())) return;
    isLeaving = true;
    window.location.assign(link.href);
  }

  function splitOnServer(block, before) {
    send("split:" + (blocks().indexOf(block) + 1), before === undefined ? {} : { before: before });
  }

  /* -- saving */

  let edition = 0;
  let savedEdition = 0;
  let timer = 0;
  let running = null;
  let failures = 0;
  let isStopped = false;
  let isLeaving = false;

  function tell(sentence, isTrouble) {
    status.textContent = sentence;
    status.classList.toggle("is-trouble", Boolean(isTrouble));
  }

  function changed(wait) {
    edition += 1;
    if (Date.now() - keptAt > KEEP_EVERY_MS) keepHere();
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
    for (const file of form.querySelectorAll("[data-picture]")) body.delete(file.name); // sent with the page: it comes back shown
    const events = told.length;
    let response;
    try {
      response = await fetch(form.action, { method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" } });
    } catch (fault) {
      return retry();
    }
    const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
    if (response.redirected || response.status === 401 || (response.status === 403 && !isJson)) return signedOut();
    if (response.status >= 500 || response.status === 429) return retry();
    const answer = isJson ? await response.json() : {};
    if (response.status === 409) return moved(answer.sentence);
    if (!response.ok || !isJson) return trouble([answer.sentence || words.failed].concat(answer.faults || []).join(" "));
    tellRemovals(told.slice(events));
    accept(answer, sent);
    return edition === sent;
  }

  function retry() {
    keepHere();
    failures += 1;
    tell(words.offline, true);
    later(1000 * Math.min(LONGEST_WAIT_S, 2 ** failures));
    return false;
  }

  function trouble(sentence) {
    keepHere();
    tell(sentence, true);
    announce(sentence);
    return false;
  }

  /* The page's own key is worth nothing after signing in again, so people come back to a new page and put their text in. */
  function signedOut() {
    trouble(words.signedOut);
    const again = document.createElement("a");
    const here = window.location.pathname;
    Object.assign(again, { className: "btn btn-primary btn-sm", href: words.signIn + "?next=" + encodeURIComponent(here), textContent: words.again });
    again.addEventListener("click", () => { keepHere(); isLeaving = true; });
    status.append(" ", again);
    return false;
  }

  /* Somebody changed the paper: saving again would overwrite their change unseen. The server shows both texts. */
  function moved(sentence) {
    isStopped = true;
    keepHere();
    tell((sentence || "") + " " + words.failed, true);
    const both = document.createElement("button");
    Object.assign(both, { type: "button", className: "btn btn-primary btn-sm", textContent: words.both });
    both.addEventListener("click", () => send(""));
    status.append(" ", both);
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
      say(block.querySelector("[data-fault]"), answer.faults[place]);
      say(block.querySelector("[data-appearance]"), answer.appearances[place]);
      say(block.querySelector("[data-hanging]"), answer.hangings[place]);
      block.classList.toggle("is-fallen", answer.fallen[place]);
      showFigures(block.querySelector("[data-figures]"), answer.figures[place]);
    });
    kept.forget();
    tell(words.saved + " " + new Date().toTimeString().slice(0, 5));
    if (face === "beside") draw();
  }

  function say(line, sentence) {
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  function showFigures(line, figures) {
    line.replaceChildren(...figures.map(([name, value]) => {
      const item = document.createElement("li");
      const shown = document.createElement("strong");
      shown.textContent = value.length > 40 ? value.slice(0, 39) + "…" : value;
      item.append(name, " ", shown);
      return item;
    }));
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
    // An opening bracket typed to get here becomes part of the token.
    const begun = area.selectionStart > 0 && area.value[area.selectionStart - 1] === "【" ? 1 : 0;
    area.setRangeText(token, area.selectionStart - begun, area.selectionEnd, "end");
    fit(area);
    announce(words.inserted + name);
    changed();
  }

  /* After 【 the catalogue is searched; the figure chosen goes in where the bracket stands. */
  function lookUp() {
    const filter = catalogue.querySelector("[data-filter]");
    if (!filter.offsetParent) return;
    filter.value = "";
    narrow("");
    filter.focus();
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

  /* -- writing, preview, both */

  let face = "write";
  const places = { write: 0, preview: 0, beside: 0 };

  async function show(chosen) {
    places[face] = window.scrollY;
    face = chosen;
    for (const button of form.querySelectorAll("[data-face]")) button.setAttribute("aria-pressed", String(button.dataset.face === face));
    form.querySelector('[data-panel="write"]').hidden = face === "preview";
    preview.hidden = face === "write";
    document.body.classList.toggle("is-beside", face === "beside");
    for (const area of form.querySelectorAll("[data-text]")) fit(area);
    if (face !== "write" && !preview.firstElementChild) preview.textContent = words.drawing;
    if (face !== "write") await draw();
    window.scrollTo(0, places[face]);
  }

  /* Draw the pages of what is saved; the place in them stays. */
  async function draw() {
    if (!(await save())) { preview.textContent = status.textContent; return; }
    const place = preview.scrollTop;
    try {
      const response = await fetch(words.previewUrl, { credentials: "same-origin", headers: { Accept: "text/html, application/json" } });
      if (response.ok && !response.redirected) preview.innerHTML = await response.text();
      else if ((response.headers.get("Content-Type") || "").includes("json")) preview.textContent = (await response.json()).sentence;
      else preview.textContent = words.signedOut;
    } catch (fault) {
      preview.textContent = words.offline;
    }
    preview.scrollTop = place;
  }

  /* -- what could not be saved, kept in this browser under the person's number, with the version it was written on */

  const NAMES = ["kind", "text", "source", "caption", "width", "verb", "figure", "each"];
  let keptAt = 0;

  function valuesOf(block) {
    return Object.fromEntries(NAMES.map((name) => {
      const control = block.querySelector('[name="' + name + '"]');
      return [name, control ? control.value : ""];
    }));
  }

  /* The title and the lines of head and imprint. */
  function lines() {
    return Array.from(form.elements).filter((control) => control.name && !control.closest("[data-block]") && control.matches("input:not([type=hidden]), select, textarea"));
  }

  function keepHere() {
    keptAt = Date.now();
    kept.keep({ version: form.elements.version.value, lines: Object.fromEntries(lines().map((line) => [line.name, line.value])), blocks: blocks().map(valuesOf) });
  }

  /* Put a kept text in and save it as the version it was written on: what somebody else wrote since is shown beside it. */
  function putBack(text) {
    const back = text.blocks.filter((values) => document.querySelector('template[data-fresh="' + values.kind + '"]')).map((values) => {
      const block = fresh(values.kind);
      for (const name of NAMES) {
        const control = block.querySelector('[name="' + name + '"]');
        if (control) control.value = values[name] || "";
      }
      return block;
    });
    for (const line of lines()) if (line.name in text.lines) line.value = text.lines[line.name];
    form.elements.version.value = text.version;
    list.replaceChildren(...back);
    renumber();
    for (const area of form.querySelectorAll("[data-text]")) fit(area);
    kept.adopt(text);
    offers.hidden = true;
    edition += 1;
    send(""); // the page comes back whole: pictures, figures and faults
  }

  const offers = document.querySelector("[data-kept-texts]");

  function offerKept() {
    const earlier = kept.earlier();
    if (document.querySelector(".notice-error")) { // the page shows the text that was refused
      if (earlier.length) kept.adopt(earlier[0]);
      return;
    }
    offers.replaceChildren(...earlier.map(offer));
    offers.hidden = !earlier.length;
  }

  function offer(text) {
    const line = document.createElement("p");
    line.append(words.kept.replace("{moment}", new Date(text.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" })));
    const choices = [[words.putBack, () => putBack(text)], [words.drop, () => { kept.drop(text); offerKept(); }]];
    for (const [label, act] of choices) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-secondary btn-sm", textContent: label });
      button.addEventListener("click", act);
      line.append(" ", button);
    }
    return line;
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
    if (event.data === "【" && !event.isComposing) lookUp();
  });
  form.addEventListener("compositionend", (event) => { if ((event.data || "").endsWith("【")) lookUp(); });
  form.addEventListener("paste", (event) => {
    const area = event.target.closest("[data-text]");
    const pasted = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!area || area.closest(".block-list") || pasted.split(/\r?\n/).filter((line) => line.trim()).length < 2) return;
    const before = area.value;
    window.setTimeout(() => splitOnServer(area.closest("[data-block]"), before), 0); // when the text stands in the area
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    edition += 1;
    save();
  });
  form.addEventListener("keydown", (event) => {
    const block = event.target.closest("[data-block]");
    if (!block || event.isComposing) return;
    const order = event.altKey ? { ArrowUp: "up", ArrowDown: "down", Delete: "delete" }[event.key] : event.ctrlKey && event.key === "Enter" ? "add:paragraph" : "";
    if (!order) return;
    event.preventDefault();
    const held = event.target;
    carryOut(block.querySelector('[data-order="' + order + '"]'));
    if (order === "up" || order === "down") held.focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-picture]") && event.target.files.length) { send(""); return; }
    const kind = event.target.closest(".block-kind");
    if (kind) kind.closest("[data-block]").className = "block block-" + kind.value;
  });
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-text], [data-figure]")) return;
    inHand = event.target;
    for (const block of blocks()) block.classList.toggle("is-in-hand", block.contains(inHand));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-face]");
    if (button) show(button.dataset.face);
    const link = event.target.closest("a[data-after-saving]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(link);
  });
  catalogue.addEventListener("click", (event) => {
    const entry = event.target.closest("[data-token]");
    if (entry) insert(entry.dataset.token);
  });
  catalogue.querySelector("[data-filter]").addEventListener("input", (event) => narrow(event.target.value));
  catalogue.querySelector("[data-filter]").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && inHand) inHand.focus();
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const first = catalogue.querySelector("[data-entry]:not([hidden]) [data-token]");
    if (first && first.offsetParent) first.focus();
  });
  window.addEventListener("beforeunload", (event) => {
    if (edition === savedEdition || isLeaving) return;
    keepHere();
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("online", () => { if (edition !== savedEdition) save(); });

  form.querySelector("[data-faces]").hidden = false;
  catalogue.querySelector("[data-with-script]").hidden = false;
  for (const area of form.querySelectorAll("[data-text]")) fit(area);
  offerKept();
})();

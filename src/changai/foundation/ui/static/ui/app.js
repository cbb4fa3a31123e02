/* Small behaviours shared by every page. Everything here is a comfort: without script each form and link still works. */
(function () {
  "use strict";

  const announcer = () => document.getElementById("announcer");
  const written = document.getElementById("said-by-scripts");
  const words = written ? JSON.parse(written.textContent) : {};

  /* The sentence `name` in the page's language, its {places} filled. */
  function say(name, values) {
    return Object.entries(values || {}).reduce((text, [key, value]) => text.replace("{" + key + "}", value), words[name] || name);
  }

  /* Screen readers announce a live region only when its words arrive after it. */
  function announce(sentence) {
    const region = announcer();
    if (!region) return;
    region.textContent = "";
    window.setTimeout(() => { region.textContent = sentence; }, 60);
  }

  function toast(sentence, level) {
    const place = document.getElementById("toasts");
    if (!place) return;
    const box = document.createElement("div");
    box.className = "notice notice-" + (level || "info");
    box.setAttribute("role", level === "error" ? "alert" : "status");
    const text = document.createElement("span");
    text.textContent = sentence;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.dataset.close = ".notice";
    close.setAttribute("aria-label", say("close"));
    box.append(text, close);
    place.append(box);
    if (!["error", "warning"].includes(level)) fade(box);
    announce(sentence);
  }

  function fade(box) {
    const wait = () => {
      if (box.matches(":hover") || box.contains(document.activeElement)) window.setTimeout(wait, 2000);
      else box.remove();
    };
    window.setTimeout(wait, 8000);
  }

  function openDialog(dialog) {
    if (!dialog || typeof dialog.showModal !== "function") return false;
    dialog.showModal();
    const first = dialog.querySelector("textarea, select, input:not([type=hidden])");
    if (first) first.focus();
    return true;
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-dialog], [data-close-dialog], [data-close], [data-copy], [data-print]");
    if (!target) return;
    if (target.dataset.dialog !== undefined) {
      if (openDialog(document.getElementById(target.dataset.dialog))) event.preventDefault();
    } else if (target.dataset.closeDialog !== undefined) {
      const dialog = target.closest("dialog");
      if (dialog && dialog.open) { event.preventDefault(); dialog.close(); }
    } else if (target.dataset.close !== undefined) {
      const box = target.closest(target.dataset.close);
      if (box) box.remove();
    } else if (target.dataset.copy !== undefined) {
      event.preventDefault();
      copy(target.dataset.copy || window.location.href);
    } else {
      event.preventDefault();
      window.print();
    }
  });

  /* navigator.clipboard exists on https and localhost only; an office's network is often plain http. */
  function copy(text) {
    const done = () => toast(say("copied"), "success");
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done);
      return;
    }
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "visually-hidden";
    document.body.append(box);
    box.select();
    if (document.execCommand("copy")) done();
    box.remove();
  }

  /* One press, one order: a button is switched off once its form is on the way (the hidden `once` key is the real guard). */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
    });
  });

  /* The browser's Back shows the page as it was left: let its buttons work again. */
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = false;
    }
  });

  /* Choosing a period or a filter marked data-submit-on-change goes there at once. */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit ? form.requestSubmit() : form.submit();
  });

  function upload(event) {
    const form = event.target.closest("form[data-upload]");
    if (!form || !window.FormData) return;
    event.preventDefault();
    const box = form.querySelector(".upload-progress");
    const bar = box.querySelector("progress");
    const status = box.querySelector("[role=status]");
    const request = new XMLHttpRequest();
    box.hidden = false;
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    request.open("POST", form.action || window.location.href);
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.value = Math.round((step.loaded / step.total) * 100);
      status.textContent = bar.value < 100 ? bar.value + "%" : say("checking");
    });
    request.addEventListener("load", () => {
      if (request.status >= 400) { showAnswer(request.responseText); return; }
      keepToasts(request.responseText);
      if (request.responseURL === window.location.href) window.location.reload();
      else window.location.assign(request.responseURL);
    });
    request.addEventListener("error", () => {
      status.textContent = say("upload_broken");
      form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    });
    request.send(new FormData(form));
  }

  /* The messages were given to the answer that no one sees; carry them over to the page that is shown. */
  function keepToasts(html) {
    const boxes = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-toast]");
    const kept = Array.from(boxes, (box) => [box.firstElementChild.textContent, box.dataset.toast]);
    try { window.sessionStorage.setItem("toasts", JSON.stringify(kept)); } catch (fault) { /* without a store only the words are lost */ }
  }

  function showKeptToasts() {
    try {
      const kept = JSON.parse(window.sessionStorage.getItem("toasts") || "[]");
      window.sessionStorage.removeItem("toasts");
      for (const [sentence, level] of kept) toast(sentence, level);
    } catch (fault) { /* as above */ }
  }

  /* A refused file answers with a whole page; show its content in place of ours. */
  function showAnswer(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const ours = document.getElementById("content");
    const theirs = answer.getElementById("content");
    if (ours && theirs) { ours.replaceWith(theirs); theirs.focus(); }
    else toast(answer.body.textContent.trim().slice(0, 200), "error");
  }

  document.addEventListener("submit", upload, true);

  /* --- lists that follow their filters (htmx) --- */

  /* A session that ended answers with the sign-in page: load the whole page, which leads there and back. */
  document.addEventListener("htmx:before:response", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (!answer.redirected || !answer.url.includes("/sign-in/")) return;
    event.preventDefault();
    window.location.reload();
  });

  document.addEventListener("htmx:response:error", (event) => {
    const sentence = new DOMParser().parseFromString(event.detail.ctx.text, "text/html").querySelector(".refusal-sentence");
    toast(sentence ? sentence.textContent : say("no_answer"), "error");
  });

  document.addEventListener("htmx:error", () => toast(say("no_answer"), "error"));

  /* The address names what is shown, so that it can be copied; Back leaves the page, not the last letter typed. */
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement.matches("form.filters") || response.status >= 400) return;
    window.history.replaceState(window.history.state, "", response.raw.url);
  });

  document.addEventListener("htmx:after:swap", () => {
    const count = document.querySelector(".pager-count");
    if (count) announce(count.textContent);
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-toast]")) {
      announce(box.firstElementChild.textContent);
      if (!["error", "warning"].includes(box.dataset.toast)) fade(box);
    }
    showKeptToasts();
    const summary = document.querySelector(".fault-summary");
    if (summary) summary.focus();
    const current = document.querySelector(".menu [aria-current]");
    if (current && current.scrollIntoView) current.scrollIntoView({ block: "nearest" });
  });

  window.changai = { announce: announce, say: say, toast: toast };
})();

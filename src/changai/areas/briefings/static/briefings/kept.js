/* Texts that could not be saved, kept in this browser under the person's number and the page's address. Each page keeps
   one of its own; those of earlier pages stay until they are put back and saved, or dropped. */
(function () {
  "use strict";

  const MOST = 3;
  const keeper = document.body.dataset.keeper || "";
  const place = "kept:" + keeper + ":" + window.location.pathname;
  let own = Date.now();

  function read() {
    try {
      const kept = JSON.parse(window.localStorage.getItem(place) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch (fault) {
      return []; // forbidden, or not ours
    }
  }

  function write(kept) {
    try {
      if (kept.length) window.localStorage.setItem(place, JSON.stringify(kept.slice(-MOST)));
      else window.localStorage.removeItem(place);
    } catch (fault) { /* full or forbidden: the page still holds it */ }
  }

  window.changai.kept = {
    /* Keep the text of this page, in place of what it kept before. */
    keep(text) {
      if (keeper) write(read().filter((each) => each.id !== own).concat(Object.assign({ id: own, at: Date.now() }, text)));
    },
    /* Forget the text of this page: the server has it. */
    forget() {
      write(read().filter((each) => each.id !== own));
    },
    /* Return the texts of earlier pages, the last one first. */
    earlier() {
      return keeper ? read().filter((each) => each.id !== own).reverse() : [];
    },
    /* Take the text of an earlier page for this page's own. */
    adopt(text) {
      own = text.id;
    },
    drop(text) {
      write(read().filter((each) => each.id !== text.id));
    },
  };
})();

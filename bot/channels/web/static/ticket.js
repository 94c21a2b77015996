/* What is said on a ticket appears while its page is open. Without scripts, a reload shows the same. */
(function () {
  "use strict";

  var lines = document.getElementById("lines");
  var news = document.getElementById("news");
  var seen = document.getElementById("seen");
  if (!lines || !window.EventSource) return;

  /* Only the list is taken from the new page: what is being typed stays, and the focus with it. */
  function read() {
    fetch(location.pathname, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (html) {
        var page = new DOMParser().parseFromString(html, "text/html");
        var fresh = page.getElementById("lines");
        if (!fresh) return;
        var before = lines.children.length;
        lines.innerHTML = fresh.innerHTML;
        if (seen) seen.value = page.getElementById("seen").value;
        var last = lines.lastElementChild;
        news.textContent = lines.children.length > before && last ? last.textContent : "";
      })
      .catch(function () {});
  }

  var stream = null;

  function listen() {
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
    } else if (!stream) {
      var number = seen ? seen.value : "0";
      stream = new EventSource(lines.dataset.live.replace(/seen=\d+/, "seen=" + number));
      stream.addEventListener("message", read);
    }
  }

  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", function () {
    if (stream) stream.close();
    stream = null;
  });
  window.addEventListener("pageshow", listen);
  listen();
})();

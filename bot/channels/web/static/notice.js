/* While a notice is written: what is hard is marked under its field, and gaps are put in by a button. Without it the
   words are checked when they are kept, and gaps are typed. */
(function () {
  "use strict";

  var form = document.getElementById("words");
  var heard = document.getElementById("heard");
  var fields = form.querySelectorAll("textarea, input[id][maxlength]");
  var PAUSE = 1500;
  var waiting = null;
  var asked = 0;
  var last = null;

  function check() {
    var number = ++asked;
    var sent = new URLSearchParams();
    sent.set("csrf", form.elements.csrf.value);
    if (form.elements.file_id) sent.set("file_id", form.elements.file_id.value);
    fields.forEach(function (field) {
      sent.set(field.name, field.value);
    });
    fetch(form.dataset.check, { method: "POST", credentials: "same-origin", body: sent })
      .then(function (answer) {
        return answer.ok ? answer.text() : Promise.reject(answer.status);
      })
      .then(function (html) {
        if (number === asked) show(new DOMParser().parseFromString(html, "text/html"));
      })
      .catch(function () {});
  }

  /* Only the marks change: what is being typed stays, and the focus with it. It is told when the sum of it changes. */
  function show(page) {
    page.querySelectorAll(".marks").forEach(function (fresh) {
      var here = document.getElementById(fresh.id);
      if (here && here.innerHTML !== fresh.innerHTML) here.innerHTML = fresh.innerHTML;
    });
    var words = page.getElementById("marks-told").textContent;
    if (words !== last && (last !== null || page.querySelector(".marks > *"))) heard.textContent = words;
    last = words;
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  }

  var plain = document.getElementById("plain");
  var into = plain;

  fields.forEach(function (field) {
    field.addEventListener("input", later);
    field.addEventListener("focus", function () {
      into = field.tagName === "TEXTAREA" ? field : plain;
    });
  });

  document.querySelectorAll("button[data-gap]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      into.focus();
      into.setRangeText(button.dataset.gap, into.selectionStart, into.selectionEnd, "end");
      later();
    });
  });
})();

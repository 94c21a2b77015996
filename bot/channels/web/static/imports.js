/* Moves the bar of a table that is being read, and opens its page when it is done. Without it the page opens itself. */
(function () {
  "use strict";

  var place = document.getElementById("working");
  var bar = document.getElementById("bar");
  var words = document.getElementById("bar-words");

  function look() {
    fetch(place.dataset.progress, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        return answer.ok ? answer.json() : Promise.reject(answer.status);
      })
      .then(function (now) {
        if (!now.working) {
          location.reload();
          return;
        }
        bar.value = now.share;
        words.textContent = now.words;
        setTimeout(look, 800);
      })
      .catch(function () {
        setTimeout(look, 5000);
      });
  }

  setTimeout(look, 400);
})();

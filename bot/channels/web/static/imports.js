/* Moves the bar of a table that is being read, and opens its page when it is done. Without it the page opens itself. */
(function () {
  "use strict";

  var place = document.getElementById("working");
  var bar = document.getElementById("bar");
  var words = document.getElementById("bar-words");
  var leaving = false;

  /* What was told when it began is over when it is done. */
  function afresh() {
    var here = new URL(location.href);
    here.searchParams.delete("told");
    location.replace(here.href);
  }

  function look() {
    fetch(place.dataset.progress, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        return answer.ok ? answer.json() : Promise.reject(answer.status);
      })
      .then(function (now) {
        if (leaving) return;
        if (!now.working) {
          afresh();
          return;
        }
        if (now.share !== null) {
          bar.value = now.share;
        }
        words.textContent = now.words;
        setTimeout(look, 800);
      })
      .catch(function () {
        setTimeout(look, 5000);
      });
  }

  /* What was pressed answers itself: to open the page anew meanwhile would lose that answer. */
  addEventListener("submit", function () {
    leaving = true;
  });
  setTimeout(look, 400);
})();

/* What the page can do more where scripts run. Nothing here is needed to answer. */
(function () {
  "use strict";

  var question = document.getElementById("question");
  var form = document.getElementById("q");
  var lang = document.documentElement.lang;

  /* Focus goes to the new question only after the reader's own act; to what has to be changed first of all. */
  function acted(set) {
    try {
      var was = sessionStorage.getItem("acted");
      if (set) sessionStorage.setItem("acted", "1");
      else sessionStorage.removeItem("acted");
      return was === "1";
    } catch (_) {
      return false;
    }
  }

  function arrive() {
    var own = acted(false);
    var summary = document.getElementById("summary");
    if (summary) summary.focus();
    else if (own && !location.hash) question.focus({ preventScroll: true });
  }

  form.addEventListener("submit", function (event) {
    var large = tooLarge();
    if (large && event.submitter && event.submitter.formEnctype !== "application/x-www-form-urlencoded") {
      event.preventDefault();
      var told = document.getElementById("toolarge");
      told.hidden = false;
      told.focus();
      return;
    }
    acted(true);
  });

  function tooLarge() {
    return Array.prototype.some.call(document.querySelectorAll("input[type=file]"), function (field) {
      return field.files && field.files[0] && field.files[0].size > Number(field.dataset.most);
    });
  }

  /* Messages that come by themselves: shown in the list, said once, focus untouched. */
  var live = document.getElementById("live");
  var list = document.getElementById("news-list");
  var waiting = [];
  var saying = false;

  function say() {
    if (saying || !waiting.length) return;
    saying = true;
    live.textContent = waiting.shift();
    setTimeout(function () {
      live.textContent = "";
      setTimeout(function () {
        saying = false;
        say();
      }, 200);
    }, 1500);
  }

  function show(message) {
    if (list.querySelector('[data-number="' + message.number + '"]')) return;
    var news = document.getElementById("news");
    var item = document.createElement("li");
    item.className = "unread";
    item.dataset.number = message.number;
    var when = document.createElement("p");
    when.className = "when";
    when.textContent = news.dataset.unread + " · " + message.when;
    item.appendChild(when);
    var words = document.createElement("div");
    words.id = "message-" + message.number;
    message.text.split("\n").forEach(function (line) {
      var part = document.createElement("p");
      part.textContent = line;
      words.appendChild(part);
    });
    item.appendChild(words);
    if (message.file) item.appendChild(enclosed(message));
    if (message.letter) {
      [message.button].concat(message.more || []).forEach(function (label, way) {
        item.appendChild(button(message.letter + (way ? ":" + way : ""), label, words.id));
      });
    }
    list.insertBefore(item, list.firstChild);
    news.hidden = false;
    document.getElementById("news-count").textContent = list.querySelectorAll(".unread").length;
    document.getElementById("news-link").classList.remove("nothing");
    waiting.push(message.text);
    say();
    seen(message.number);
  }

  function enclosed(message) {
    var line = document.createElement("p");
    var made = document.createElement(message.file === "photo" ? "img" : "a");
    var place = "/news/" + message.number + "/file";
    if (message.file === "photo") {
      made.className = "sent";
      made.alt = message.fileWords;
      made.src = place;
    } else {
      made.textContent = message.fileWords;
      made.href = place;
    }
    line.appendChild(made);
    return line;
  }

  function button(value, label, about) {
    var made = document.createElement("button");
    var fields = {
      form: "q",
      formaction: "/open",
      formenctype: "application/x-www-form-urlencoded",
      name: "letter",
      value: value,
      class: "quiet",
      "aria-describedby": about
    };
    Object.keys(fields).forEach(function (name) {
      made.setAttribute(name, fields[name]);
    });
    made.textContent = label;
    return made;
  }

  function seen(number) {
    var fields = new URLSearchParams({ csrf: form.elements.csrf.value, number: number });
    fetch("/seen", { method: "POST", body: fields, keepalive: true, credentials: "same-origin" }).catch(function () {});
  }

  var stream = null;

  function listen() {
    if (!window.EventSource || form.elements["new"]) return;
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource("/events");
      stream.addEventListener("message", function (event) {
        show(JSON.parse(event.data));
      });
    }
  }

  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", function () {
    if (stream) stream.close();
    stream = null;
  });
  window.addEventListener("pageshow", listen);

  /* Reading aloud, where the phone has a voice for the language of the page. */
  var speech = window.speechSynthesis;
  var start = document.getElementById("aloud-start");
  var pause = document.getElementById("aloud-pause");

  function voices() {
    return speech.getVoices().filter(function (voice) {
      return voice.lang.slice(0, 2).toLowerCase() === lang.slice(0, 2);
    });
  }

  function offer() {
    if (voices().length) document.getElementById("aloud").hidden = false;
  }

  function read() {
    var voice = voices()[0];
    speech.cancel();
    speech.resume();
    pause.textContent = pause.dataset.pause;
    /* Sentence by sentence: some phones fall silent in a long text. */
    question.dataset.speech.replace(/([。？！])/g, "$1\n").split("\n").filter(Boolean).forEach(function (sentence, at, all) {
      var words = new SpeechSynthesisUtterance(sentence);
      words.voice = voice;
      words.lang = voice.lang;
      words.rate = 0.9;
      if (at === all.length - 1) {
        words.onend = function () {
          pause.hidden = true;
        };
      }
      speech.speak(words);
    });
    pause.hidden = false;
  }

  if (speech && window.SpeechSynthesisUtterance) {
    offer();
    if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
    start.addEventListener("click", read);
    pause.addEventListener("click", function () {
      var going = !speech.paused;
      if (going) speech.pause();
      else speech.resume();
      pause.textContent = going ? pause.dataset.go : pause.dataset.pause;
    });
    window.addEventListener("pagehide", function () {
      speech.cancel();
    });
  }

  /* A place from the phone: written into the field, to be seen before it is sent; to about 100 metres. */
  var here = document.getElementById("here");
  if (here && navigator.geolocation && window.isSecureContext) {
    var label = here.textContent;
    here.hidden = false;
    here.addEventListener("click", function () {
      here.textContent = here.dataset.wait;
      navigator.geolocation.getCurrentPosition(
        function (found) {
          here.textContent = label;
          var field = document.getElementById("answer");
          field.value = found.coords.latitude.toFixed(3) + "," + found.coords.longitude.toFixed(3);
          field.focus();
        },
        function () {
          here.textContent = here.dataset.failed;
        },
        { timeout: 10000, maximumAge: 60000 }
      );
    });
  }

  arrive();
  listen();
})();

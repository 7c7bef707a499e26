/* Small things a page does better with a script. Everything works without it. */
(function () {
  "use strict";

  // The theme is set before the first paint, so that a dark room stays dark.
  try {
    var chosen = JSON.parse(localStorage.getItem("adminTheme") || '"auto"');
    var paper = document.documentElement.hasAttribute("data-paper");
    if (!paper && (chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches))) {
      document.documentElement.classList.add("dark");
    }
  } catch (error) { /* a browser without storage keeps the light theme */ }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  function rows() { return Array.from(document.querySelectorAll("[data-row]")); }

  function move(step) {
    var all = rows();
    if (!all.length) { return; }
    var here = all.indexOf(document.activeElement && document.activeElement.closest("[data-row]"));
    var next = all[Math.min(all.length - 1, Math.max(0, here + step))];
    (next.querySelector("a.who, a, button") || next).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function press(name) {
    var row = document.activeElement && document.activeElement.closest("[data-row]");
    var target = row && row.querySelector('[data-do="' + name + '"]');
    if (target) { target.click(); }
  }

  // From day to day in a calendar: a week is a row.
  var DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  function goByDays(event) {
    var weeks = event.target.closest(".weeks"), cell = event.target.closest(".cell");
    if (!weeks || !cell || !DAYS[event.key]) { return; }
    var cells = Array.from(weeks.querySelectorAll(".cell"));
    var next = cells[cells.indexOf(cell) + DAYS[event.key]];
    var source = next && next.querySelector(".src");
    if (source) { event.preventDefault(); source.focus(); }
  }

  document.addEventListener("keydown", goByDays);

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      if (hideAllTips()) { return; }
      var answers = document.getElementById("phone-answers");
      if (answers && answers.innerHTML) { answers.innerHTML = ""; document.getElementById("phone-q").focus(); }
      return;
    }
    if (typing(event.target)) { return; }
    switch (event.key) {
      case "/": event.preventDefault(); document.getElementById("phone-q").focus(); break;
      case "j": move(1); break;
      case "k": move(-1); break;
      case "r": press("record"); break;
      case "c": press("called"); break;
      case "w": press("waive"); break;
    }
  });

  // Answers of the phone bar close when the focus leaves them.
  document.addEventListener("focusin", function (event) {
    var answers = document.getElementById("phone-answers");
    if (answers && !event.target.closest(".phone-bar")) { answers.innerHTML = ""; }
  });

  // The source of a number: on hover and on focus, clipped by nothing, gone with Escape.
  function tipOf(target) {
    var source = target && target.closest && target.closest(".src");
    return source && source.querySelector(":scope > [role=tooltip]");
  }

  function showTip(event) {
    var tip = tipOf(event.target);
    if (!tip || !tip.showPopover) { return; }
    if (!tip.hasAttribute("popover")) { tip.setAttribute("popover", "manual"); }
    if (tip.matches(":popover-open")) { return; }
    tip.showPopover();
    place(tip);
  }

  function place(tip) {
    var at = tip.parentElement.getBoundingClientRect(), own = tip.getBoundingClientRect();
    var below = at.bottom + own.height <= window.innerHeight;
    tip.style.top = (below ? at.bottom : at.top - own.height) + "px";
    tip.style.left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - own.width - 8)) + "px";
  }

  function hideTip(event) {
    var tip = tipOf(event.target), source = tip && tip.parentElement;
    if (!tip || !tip.hidePopover || source.contains(event.relatedTarget)) { return; }
    if (event.type === "mouseout" && source.contains(document.activeElement)) { return; }
    if (tip.matches(":popover-open")) { tip.hidePopover(); }
  }

  document.addEventListener("mouseover", showTip);
  document.addEventListener("focusin", showTip);
  document.addEventListener("mouseout", hideTip);
  document.addEventListener("focusout", hideTip);

  function openTips() { return Array.from(document.querySelectorAll(".src > [role=tooltip]:popover-open")); }

  function hideAllTips() {
    var open = openTips();
    open.forEach(function (tip) { tip.hidePopover(); });
    return open.length > 0;
  }

  document.addEventListener("scroll", function () { openTips().forEach(place); }, { passive: true, capture: true });

  document.addEventListener("DOMContentLoaded", function () {
    // After a refusal the reader starts at the reason.
    var wrong = document.querySelector(".error-summary[tabindex]");
    if (wrong) { wrong.focus(); }
    // One click is one save.
    document.querySelectorAll("form[data-once]").forEach(function (form) {
      form.addEventListener("submit", function () {
        setTimeout(function () {
          form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = true; });
        }, 0);
      });
    });
    window.addEventListener("pageshow", function () {
      document.querySelectorAll("form[data-once] button[type=submit]").forEach(function (button) { button.disabled = false; });
    });
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.addEventListener("click", function () { window.print(); });
    });
    document.querySelectorAll("form[data-auto] select").forEach(function (select) {
      select.addEventListener("change", function () { select.form.requestSubmit(); });
    });
  });
})();

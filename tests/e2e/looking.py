"""Looks at a page as people would: axe's rules, and what axe does not see (access.md W2 to W15)."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]

CONTRAST = "color-contrast-enhanced"
"""7 to 1, and 4.5 to 1 for large letters: whoever keeps it keeps `color-contrast`, which is half of what axe costs."""

PLACES = ("target-size", "scrollable-region-focusable")
"""The rules that ask where things are, and so depend on the width of the screen."""

MEASURE = """
() => {
  const found = [];
  const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + e.className + " " + (e.textContent || e.name || "").trim().slice(0, 24);
  const shown = (e) => {
    if (!e.checkVisibility({ visibilityProperty: true })) return false;
    if (e.closest(".apart")) return false;
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };

  // W2: no letter below 18 px, lines at least 1.5 high in running text
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !shown(e) || e.closest("option, noscript")) continue;
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < 17.99) found.push(`W2 ${size}px: ${name(e)}`);
    if (e.tagName === "P" && parseFloat(getComputedStyle(e).lineHeight) < 1.5 * size - 0.01) found.push("W2 line: " + name(e));
  }

  // W3: answers 60 px, everything else 44 px, 8 px between
  const touch = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(shown);
  const areas = touch.map((e) => {
    const area = e.type === "checkbox" || e.type === "radio" ? e.closest("label") || e : e;
    return { e: area, box: area.getBoundingClientRect(), inline: e.tagName === "A" && getComputedStyle(e).display === "inline" };
  });
  for (const { e, box, inline } of areas) {
    const least = e.matches(".answer, .send") ? 60 : 44;
    if (e.matches(".skip") || inline) continue;
    if (box.width < least - 0.5 || box.height < least - 0.5) found.push(`W3 ${Math.round(box.width)}x${Math.round(box.height)}: ${name(e)}`);
  }
  const answers = areas.filter(({ e }) => e.matches(".answer, .send, .quiet, .bar button, .sizes button") && !e.closest(".bar") );
  for (let a = 0; a < answers.length; a++) for (let b = a + 1; b < answers.length; b++) {
    const p = answers[a].box, q = answers[b].box;
    const dx = Math.max(p.left - q.right, q.left - p.right, 0), dy = Math.max(p.top - q.bottom, q.top - p.bottom, 0);
    if (Math.max(dx, dy) < 7.5) found.push(`W3 gap ${dx},${dy}: ${name(answers[a].e)} | ${name(answers[b].e)}`);
  }
  const bar = [...document.querySelectorAll(".bar button")].map((e) => e.getBoundingClientRect());
  for (let a = 0; a < bar.length; a++) for (let b = a + 1; b < bar.length; b++) {
    const p = bar[a], q = bar[b];
    const dx = Math.max(p.left - q.right, q.left - p.right, 0), dy = Math.max(p.top - q.bottom, q.top - p.bottom, 0);
    if (Math.max(dx, dy) < 7.5) found.push(`W3 bar gap ${dx},${dy}`);
  }

  // W5: no sideways scrolling, nothing cut off
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) found.push(`W5 ${root.scrollWidth} > ${innerWidth}`);
  for (const e of document.querySelectorAll("body *")) {
    if (!shown(e) || e.closest("svg, .skip")) continue;
    const box = e.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) found.push(`W5 sticks out: ${name(e)}`);
    const style = getComputedStyle(e);
    if (style.overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1) found.push("W5 cut off: " + name(e));
  }

  // Things that can be clicked are buttons, links or fields
  for (const e of document.querySelectorAll("[onclick], [role=button], [tabindex='0']")) {
    if (!e.matches("a[href], button, input, select, textarea")) found.push("clickable: " + name(e));
  }

  // W11: every field has a label one can see, and none has only a placeholder
  for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (e.placeholder) found.push("placeholder: " + name(e));
    const labels = [...(e.labels || [])];
    if (!labels.some((label) => label.textContent.trim() && (shown(label) || !shown(e)))) found.push("no label: " + name(e));
  }

  // W7: exactly one live region on the chat page
  const live = document.querySelectorAll("[aria-live], [role=alert], [role=status], [role=log], output");
  if (document.body.classList.contains("chat") ? live.length !== 1 : live.length > 1) found.push("live regions: " + live.length);

  // One id is one thing, and what is referred to exists
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) found.push("ids twice: " + ids.filter((id, at) => ids.indexOf(id) !== at));
  for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    const named = (e.getAttribute("aria-describedby") || "") + " " + (e.getAttribute("aria-labelledby") || "");
    for (const id of named.split(" ").filter(Boolean)) if (!document.getElementById(id)) found.push(`no #${id} for ${name(e)}`);
  }
  for (const e of document.querySelectorAll("a[href^='#']")) {
    if (e.getAttribute("href") !== "#" && !document.getElementById(e.getAttribute("href").slice(1))) found.push("leads nowhere: " + name(e));
  }
  return found;
}
"""  # noqa: E501 - a script, not prose

SPACED = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }");
  document.adoptedStyleSheets = [sheet];
}
"""  # noqa: E501 - a script, not prose

TWICE_AS_LARGE = """
() => {
  document.adoptedStyleSheets = [];
  document.documentElement.style.fontSize = "40px";
}
"""

UNSTUCK = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".bar { position: static !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
"""

STUCK = """
() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }
"""

FROM_THE_START = """
() => {
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  scrollTo(0, 0);
}
"""

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

VIOLATIONS = """
async (rules) => {
  const weaker = rules.type === "tag" ? { "color-contrast": { enabled: false } } : {};
  const results = await axe.run({ runOnly: rules, rules: weaker, resultTypes: ["violations"] });
  return results.violations.flatMap((found) => found.nodes.map((node) =>
    `${found.id}: ${node.html.slice(0, 120)} ${(node.failureSummary || "").slice(0, 300)}`));
}
"""
"""axe's own run, asked for nothing but what is wrong: all that is right is megabytes."""

FOCUSABLE = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls]")]
  .filter((e) => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }) && !e.disabled && !(e.closest("details:not([open])") && e.tagName !== "SUMMARY"))
  .filter((e) => e.type !== "radio" || e === document.querySelector(`input[type=radio][name="${e.name}"]`)).length
"""  # noqa: E501 - a script, not prose

WATCH_FOCUS = """
() => {
  window.walked = [];
  addEventListener("keyup", () => {  // the focus has moved, and what it moved to was brought into sight
    const e = document.activeElement;
    if (!e || e === document.body) { window.walked.push(null); return; }
    const all = [...document.querySelectorAll("*")];
    if (e.matches("audio") && window.walked.at(-1)?.at === all.indexOf(e)) return;  // from one of its own buttons to the next
    const box = e.getBoundingClientRect();
    const above = document.elementFromPoint(box.left + box.width / 2, Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2));
    const seen = e.matches(".skip") || (above && (e.contains(above) || above.contains(e) || above.closest("label")?.contains(e)));
    const style = getComputedStyle(e.closest("label.box") || e);
    window.walked.push({at: all.indexOf(e), what: e.tagName + " " + (e.textContent || e.name || "").trim().slice(0, 20), seen: !!seen,
                        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2});
  });
}
"""  # noqa: E501 - a script, not prose


def axe_problems(page: Page) -> list[str]:
    """What axe finds, one line each."""
    return _axe(page, {"type": "tag", "values": TAGS})


def dark_problems(page: Page) -> list[str]:
    """What axe finds of the colours when the reader likes it dark; nothing else differs then."""
    return _in_the_dark(page, CONTRAST)


def dark_and_narrow_problems(page: Page) -> list[str]:
    """What axe finds in the dark on a screen whose other width was looked at: colours, places, and what is too small."""
    return _in_the_dark(page, CONTRAST, *PLACES)


def _in_the_dark(page: Page, *rules: str) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = _axe(page, {"type": "rule", "values": rules})
    page.emulate_media(color_scheme="light")
    return found


def _axe(page: Page, rules: dict[str, object]) -> list[str]:
    # What the bar lies over is free of it a little further down; axe looks at one place only. The tab walk moves.
    page.evaluate(UNSTUCK)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(VIOLATIONS, rules)
    page.evaluate(STUCK)
    return found


def measured_problems(page: Page) -> list[str]:
    """What measuring finds, one line each."""
    found: list[str] = page.evaluate(MEASURE)
    return found


BUTTONS_OF_A_PLAYER = 6
"""Places where Tab may stop within the browser's own player of a voice, at most."""


def tab_walk_problems(page: Page) -> list[str]:
    """Press Tab until the focus has been everywhere: everything is reached, in the page's order, in sight."""
    page.evaluate(FROM_THE_START)
    wanted: int = page.evaluate(FOCUSABLE)
    page.evaluate(WATCH_FOCUS)
    for _ in range(wanted + BUTTONS_OF_A_PLAYER * page.locator("audio").count()):
        page.keyboard.press("Tab")
    walked: list[dict[str, Any] | None] = page.evaluate("() => window.walked")[:wanted]
    found: list[str] = []
    last = -1
    for step, focused in enumerate([*walked, *[None] * (wanted - len(walked))]):
        if focused is None:
            return [*found, f"after {step} of {wanted} the focus left the page"]
        if focused["at"] <= last:
            found.append(f"out of order: {focused['what']}")
        if not focused["seen"]:
            found.append(f"hidden while focused: {focused['what']}")
        if not focused["ring"]:
            found.append(f"no ring: {focused['what']}")
        last = focused["at"]
    return found

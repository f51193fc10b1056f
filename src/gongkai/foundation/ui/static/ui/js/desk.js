/* Keyboard and guard of the desk (ui.md 4.20, 4.21). Everything works without this file; it only helps. */
"use strict";

(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const list = (selector) => Array.from(document.querySelectorAll(selector));
  const singleKeysOn = document.body.dataset.keys !== "off";

  /* Inside a field no single key works, nor while an input method composes. */
  function isWriting(event) {
    const target = event.target;
    return event.isComposing || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  /* J and K move the focus from row to row: Enter then opens natively, and the focus is seen and heard. */
  function moveRow(step) {
    const rows = list("[data-key-row]");
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
    rows.forEach((row) => row.classList.toggle("is-chosen", row === rows[next]));
    const opener = find("[data-key-open]", rows[next]) || find("a[href]", rows[next]);
    if (opener) opener.focus();
  }

  function openWhy() {
    const row = list("[data-key-row]").find((one) => one.contains(document.activeElement));
    const link = find("[data-key-why]", row || document);
    if (link) link.click();
  }

  /* Where a finding stands: the field beside which it is noted, or its mark in a text that is only read. */
  function placeOfFinding(number) {
    if (!number) return null;
    const mark = find(`mark[data-finding="${number}"]`);
    if (mark) return mark;
    const note = find(`[data-finding-note="${number}"]`);
    let beside = note && (note.closest("[data-live]") || note);
    while (beside && !beside.matches(".field")) beside = beside.previousElementSibling;
    return beside && find("input:not([type=hidden]), textarea, select", beside);
  }

  /* F8 goes to the place itself; the row in the panel is marked. An editor that knows the place takes the event and goes there. */
  let findingHere = -1;

  function moveFinding(step) {
    const rows = list("[data-key-finding]");
    const findings = rows.length ? rows : list("mark[data-finding]");
    if (!findings.length) return;
    const focused = findings.indexOf(document.activeElement);
    const here = focused >= 0 ? focused : findingHere;
    findingHere = here < 0 ? (step > 0 ? 0 : findings.length - 1) : (here + step + findings.length) % findings.length;
    const finding = findings[findingHere];
    findings.forEach((one) => one.classList.toggle("is-here", one === finding));
    const number = Number(finding.dataset.finding) || 0;
    finding.scrollIntoView({ block: "nearest" });
    if (!document.dispatchEvent(new CustomEvent("desk:finding", { cancelable: true, detail: number }))) return;
    const place = placeOfFinding(number) || finding;
    if (place.tabIndex < 0 && !place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    place.focus();
  }

  /* A press that the page has no button for stays the browser's own. */
  function press(selector, event) {
    const button = find(selector);
    if (!button) return;
    event.preventDefault();
    if (!button.disabled) button.click();
  }

  function showKeys() {
    const dialog = find("#keys");
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  let waitsForPlace = false;

  function goTo(letter) {
    const link = find(`[data-key-go="${CSS.escape(letter)}"]`);
    if (link) link.click();
  }

  const singleKeys = {
    "/": () => find("[data-key-search]") && find("[data-key-search]").focus(),
    "?": showKeys,
    j: () => moveRow(1),
    k: () => moveRow(-1),
    w: openWhy,
    g: () => {
      waitsForPlace = true;
      setTimeout(() => (waitsForPlace = false), 1500);
    },
  };

  function onSingleKey(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (waitsForPlace) {
      waitsForPlace = false;
      goTo(key);
    } else if (Object.hasOwn(singleKeys, key)) {
      event.preventDefault();
      singleKeys[key]();
    }
  }

  /* While an input method composes every key is its own: 229 is what browsers report where they do not say so. */
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "F8") {
      event.preventDefault();
      moveFinding(event.shiftKey ? -1 : 1);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      press("[data-key-save]", event);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      press("[data-key-send]", event);
    } else if (singleKeysOn && !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event) && !find("dialog[open]")) {
      onSingleKey(event);
    }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  });

  /* Prints at once; without script the summary opens and says which keys to press. */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) {
      event.preventDefault();
      window.print();
    }
  });

  /* Leaving with unsaved changes asks first; sending the form does not. */
  const unsaved = new Set();
  list("form[data-guard]").forEach((form) => {
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("change", () => unsaved.add(form));
    form.addEventListener("submit", (event) => event.defaultPrevented || unsaved.clear());
    form.addEventListener("desk:saved", () => unsaved.delete(form));
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });

  /* After a refused form the summary is read first. */
  const summary = find("[data-errors]");
  if (summary) summary.focus();
})();

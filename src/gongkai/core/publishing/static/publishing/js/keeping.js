/* Keeps what is typed: every ten seconds and when the form is left. What cannot reach the server stays in the page and on this machine,
   and is sent again. Two texts are never laid over one another: the server refuses, both are shown, the person chooses. */

const EVERY = 10_000;
const RETRIES = [2_000, 5_000, 10_000, 20_000, 30_000];
const STILL_HERE = 60_000;
const IDLE = 10 * 60_000;
const PATIENCE = 20_000;

const WORDS = {
  waiting: "有改动，马上自动保存",
  saving: "正在保存",
  checking: "正文改过，重新检查中",
  unchecked: "正文改过，还没有存进去，所以没有重查",
  offline: "连接断了，没有存进去。您写的还在这一页，这台电脑上也留了一份；连上以后会自动再存。",
  broken: "系统暂时存不进去。您写的还在这一页，这台电脑上也留了一份；正在再试。",
  expired: "登录已过期，没有存进去。您写的还在这一页，这台电脑上也留了一份。",
  signIn: "在新窗口登录",
  afterwards: "登录后回到这一页，会自动保存。",
  tooLong: "内容太长，超过一次能存的大小。请把大表改作附件，或分成几份。",
  refused: "没有存进去，您写的还在这一页：",
};

/* Fields a page fills in for itself; a copy on this machine holds only what was typed, and what it was typed on. */
const OWN = new Set(["csrfmiddlewaretoken", "window", "person", "auto", "attachments", "uploads"]);

const form = document.querySelector("form[data-draft]");
if (form) keep(form);

function keep(form) {
  const key = `gongkai-draft-${form.dataset.draft}-${form.dataset.person}`;
  const state = document.getElementById("save-state");
  const notice = document.getElementById("keep-notice");
  let isChanged = false;
  let isPaused = "conflict" in form.dataset;
  let isComposing = false;
  let isLeaving = false;
  let inTrouble = false;
  let inFlight = null;
  let timer = 0;
  let failures = 0;
  let lastTyped = Date.now();
  let pointer = Promise.resolve();

  /* Typing. */

  function onInput() {
    lastTyped = Date.now();
    if (!isChanged) {
      isChanged = true;
      tellStale(WORDS.checking);
      if (!inTrouble && !isPaused) state.textContent = WORDS.waiting;
    }
    if (inTrouble || isPaused) copyHere();
    if (!timer) timer = setTimeout(save, EVERY);
  }

  /* A composition that an input method has begun is not a text yet: it is saved when it has ended. */
  form.addEventListener("compositionstart", () => (isComposing = true));
  form.addEventListener("compositionend", () => {
    isComposing = false;
    if (isChanged && !timer) timer = setTimeout(save, EVERY);
  });
  form.addEventListener("input", onInput);
  form.addEventListener("change", onInput);
  form.addEventListener("focusout", (event) => {
    if (!event.relatedTarget || !form.contains(event.relatedTarget)) save();
  });
  window.addEventListener("blur", () => save());
  document.addEventListener("draft:save-now", () => (inFlight || Promise.resolve()).then(() => save()));
  window.addEventListener("online", () => again());
  window.addEventListener("focus", () => inTrouble && again());
  document.addEventListener("visibilitychange", () => document.hidden && save());

  /* A press must find its button where it was: nothing is exchanged between down and up. */
  document.addEventListener("pointerdown", () => {
    pointer = new Promise((released) => {
      const done = () => setTimeout(released);
      ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, done, { once: true }));
    });
  });

  /* A button that is pressed while a save is on its way waits for it, lest the form meet its own save. */
  form.addEventListener("submit", (event) => {
    isLeaving = true;
    if (!inFlight) return;
    event.preventDefault();
    inFlight.then(() => form.requestSubmit(event.submitter));
  });

  /* Saving. */

  function save() {
    clearTimeout(timer);
    timer = 0;
    if (!isChanged || isPaused || isComposing || inFlight || isLeaving) return;
    isChanged = false;
    if (!inTrouble) state.textContent = WORDS.saving;
    inFlight = send().finally(() => {
      inFlight = null;
      if (isChanged && !timer && !isPaused) timer = setTimeout(save, RETRIES[Math.min(failures, RETRIES.length) - 1] || EVERY);
    });
  }

  function again() {
    failures = 0;
    save();
  }

  async function send() {
    const body = new FormData(form);
    body.delete("csrfmiddlewaretoken");
    body.delete("uploads");
    body.append("auto", "1");
    let answer, page;
    try {
      answer = await ask(form.action, body);
      page = [200, 409, 422, 403].includes(answer.status) ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch {
      return fail(WORDS.offline);
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") return fail(WORDS.expired, signInLink());
    if (answer.status === 200 && page.getElementById("draft")) return takeSaved(page);
    if (answer.status === 409) return takeConflict(page);
    if (answer.status === 422) return takeRefused(wordsOf(page, ".errors li"));
    if (answer.status === 400 || answer.status === 413) return takeRefused(WORDS.tooLong);
    if (answer.status === 403 || answer.status === 404) return takeRefused(wordsOf(page, ".refusal-words, h1"));
    return fail(WORDS.broken);
  }

  async function takeSaved(page) {
    failures = 0;
    inTrouble = false;
    form.elements.seen_hash.value = page.querySelector('#draft [name="seen_hash"]').value;
    localStorage.removeItem(key);
    notice.replaceChildren();
    const dropped = wordsOf(page, ".message.warning");
    if (dropped) say("warn", dropped);
    if (isLeaving) return;
    await pointer;
    if (!isChanged && !form.elements.uploads.files.length) form.dispatchEvent(new Event("desk:saved"));
    exchange(page);
    form.dataset.marks = page.getElementById("draft").dataset.marks;
    if (isChanged) tellStale(WORDS.checking);
    else document.dispatchEvent(new CustomEvent("draft:checked"));
  }

  function takeConflict(page) {
    isChanged = true;
    isPaused = true;
    copyHere();
    exchange(page, "draft-notices");
    notice.replaceChildren();
    state.textContent = "没有存进去";
    tellStale(WORDS.unchecked);
  }

  function takeRefused(words) {
    isChanged = true;
    failures = RETRIES.length;
    inTrouble = true;
    copyHere();
    state.textContent = "没有存进去";
    say("warn", WORDS.refused + words);
    tellStale(WORDS.unchecked);
  }

  function fail(words, ...more) {
    isChanged = true;
    failures += 1;
    inTrouble = true;
    copyHere();
    state.textContent = "没有存进去";
    say("must", words, ...more);
    tellStale(WORDS.unchecked);
  }

  function signInLink() {
    const link = document.createElement("a");
    Object.assign(link, { href: form.dataset.login, target: "_blank", rel: "noopener", textContent: WORDS.signIn });
    return [link, `。${WORDS.afterwards}`];
  }

  /* What the page shows. */

  function say(kind, words, more = []) {
    const said = notice.firstElementChild;
    if (said && said.dataset.words === words) return;
    const line = document.createElement("div");
    line.className = `notice ${kind}`;
    line.dataset.words = words;
    line.append(words, ...more);
    notice.replaceChildren(line);
  }

  function tellStale(words) {
    const line = document.getElementById("gate-state");
    if (line && line.textContent !== words) line.textContent = words;
    document.querySelector(".gate")?.classList.add("is-stale");
  }

  function exchange(page, only) {
    /* What stands there for browsers without script would be sent from here as well. */
    page.querySelectorAll("noscript").forEach((one) => one.remove());
    const here = document.activeElement;
    const focused = here && here.closest("[data-live]") ? [here.id, here.name, here.value] : null;
    const typed = list("textarea[name^=reason_]").map((one) => [one.name, one.value, one.closest("details")?.open]);
    list("[data-live]").forEach((old) => {
      const fresh = page.getElementById(old.id);
      if (fresh && (!only || only === old.id)) old.replaceChildren(...fresh.childNodes);
    });
    typed.forEach(([name, value, isOpen]) => {
      const field = list("textarea[name^=reason_]").find((one) => one.name === name);
      if (!field) return;
      field.value = value;
      field.closest("details").open = isOpen;
    });
    if (focused) list("[data-live] :is(a, button, textarea, summary)").find((one) => focused.join() === [one.id, one.name, one.value].join())?.focus();
  }

  /* The copy on this machine: there only while something could not be saved. */

  function copyHere() {
    const fields = Array.from(new FormData(form)).filter(([name, value]) => !OWN.has(name) && typeof value === "string");
    try {
      localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), fields }));
    } catch {
      /* Full or switched off: the page itself still has it. */
    }
  }

  function offerCopy() {
    const kept = readCopy();
    if (!kept) return;
    const line = document.createElement("div");
    line.className = "notice warn";
    const when = new Date(kept.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    const back = button("放回编辑框", () => putBack(kept));
    const away = button("不要了", () => {
      localStorage.removeItem(key);
      line.remove();
    });
    line.append(`这台电脑上留着您 ${when} 没有存进去的内容。放回后会和现在存着的对照，不会盖掉。 `, back, away);
    notice.replaceChildren(line);
  }

  function readCopy() {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      const hasChanges = kept?.fields.some(([name, value]) => name !== "seen_hash" && form.elements[name] && form.elements[name].value !== value);
      if (kept && !hasChanges) localStorage.removeItem(key);
      return hasChanges ? kept : null;
    } catch {
      return null;
    }
  }

  function putBack(kept) {
    kept.fields.forEach(([name, value]) => {
      const field = form.elements[name];
      if (field && "value" in field) field.value = value;
    });
    document.dispatchEvent(new CustomEvent("draft:put-back"));
    notice.replaceChildren();
    onInput();
    save();
  }

  function button(words, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "button small", textContent: words });
    made.addEventListener("click", act);
    return made;
  }

  /* The lease: a sign of life each minute while somebody writes, given back when the page is closed. */

  async function tellStillHere() {
    if (isPaused || inFlight || document.hidden || Date.now() - lastTyped > IDLE) return;
    try {
      const answer = await ask(form.dataset.hold, small());
      if (answer.status !== 409) return;
      isPaused = true;
      say("warn", await answer.text());
    } catch {
      /* The next save tells. */
    }
  }

  function small() {
    const body = new FormData();
    body.append("window", form.elements.window.value);
    return body;
  }

  setInterval(tellStillHere, STILL_HERE);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isLeaving = false;
    tellStillHere();
  });
  window.addEventListener("pagehide", () => {
    const body = small();
    body.append("csrfmiddlewaretoken", readToken());
    navigator.sendBeacon(form.dataset.leave, body);
  });

  if ("unsaved" in form.dataset) {
    form.dispatchEvent(new Event("input", { bubbles: true }));
    copyHere();
  } else {
    offerCopy();
  }
}

function ask(address, body) {
  return fetch(address, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { "X-CSRFToken": readToken() },
    signal: AbortSignal.timeout(PATIENCE),
  });
}

/* After signing in again the cookie holds a new token; the one in the form is that of the session before. */
function readToken() {
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";
  const field = document.querySelector("form[data-draft] [name=csrfmiddlewaretoken]");
  if (field && token) field.value = token;
  return token;
}

function wordsOf(page, selector) {
  return Array.from(page.querySelectorAll(selector), (one) => one.textContent.trim().replace(/\s+/g, " ")).join("；");
}

function list(selector) {
  return Array.from(document.querySelectorAll(selector));
}

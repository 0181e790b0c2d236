// Conversations, kept in this browser only: each under a key of its own, what a tab shows in its session.
// People who share a browser see each only their own: the name they logged in with is part of the key.
// And the dialogs that every view has: the conversations, the settings, the language.
const person = window.gradio_config?.username;
const PREFIX = person ? `qc-conversation:${person}:` : "qc-conversation-";
const root = document.documentElement;
const listening = { signal: renew() };
const part = (selector) => element.querySelector(selector);
let left = null; // what was being answered when another conversation was begun
let before = null; // the conversation as it was before one of its questions was asked anew
let current = read(session.getItem("qc-current") ?? "") ?? fresh();

function renew() {
  window.quellenchatHistory?.abort(); // should Gradio ever build this component a second time
  window.quellenchatHistory = new AbortController();
  return window.quellenchatHistory.signal;
}

function fresh() {
  return { id: Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join(""), title: "", updated: 0, turns: [] };
}

function read(id) {
  const one = kept(local, PREFIX + id);
  return Array.isArray(one.turns) ? one : null;
}

function all() {
  const keys = Object.keys(local).filter((key) => key.startsWith(PREFIX));
  const known = keys.map((key) => read(key.slice(PREFIX.length))).filter((one) => one?.turns.length);
  return known.sort((one, other) => other.updated - one.updated);
}

// Where the browser's room is used up the oldest conversations make way.
function put(key, kept) {
  for (;;) {
    try {
      return local.setItem(key, JSON.stringify(kept));
    } catch (error) {
      const oldest = all().filter((one) => one.id !== current.id && PREFIX + one.id !== key).pop();
      if (!oldest) return root.classList.add("qc-keeps-nothing");
      local.removeItem(PREFIX + oldest.id);
    }
  }
}

const save = (conversation) => put(PREFIX + conversation.id, conversation);

function show(conversation, anew = true) {
  if (conversation.id !== current.id) {
    left = waiting();
    before = null;
  }
  current = conversation;
  session.setItem("qc-current", current.id);
  tell(anew);
}

// The last question where it is still being answered, with its turn.
function waiting() {
  const { question, outcome } = current.turns.at(-1) ?? { outcome: true };
  return outcome ? null : { turn: current.turns.length, question };
}

const tell = (anew) => document.dispatchEvent(new CustomEvent("qc-kept", { detail: { turns: current.turns, anew, before } }));

// The server tells of each question, and of its answer when that is complete. An answer that comes when another
// conversation has been begun belongs to none. Where another tab went on with the same one, both are kept, and so is
// what followed a question that is asked anew.
function keep({ turn, question, outcome }) {
  if (outcome && left?.turn === turn && left.question === question) return;
  left = null;
  const kept = read(current.id);
  const followed = kept && turn < current.turns.length;
  if (!outcome) before = followed ? current.id : null;
  if (followed || (kept && kept.updated !== current.updated)) current = { ...current, id: fresh().id };
  else if (kept) current.title = kept.title; // another tab may have named it
  if (turn === 1 && current.title === titled(current.turns[0]?.question ?? "")) current.title = "";
  current.turns = [...current.turns.slice(0, turn - 1), { question, outcome: outcome ?? null }];
  current.title ||= titled(question);
  current.updated = Date.now();
  show(current, turn === 1 && !outcome);
  save(current);
}

const titled = (question) => [...question].slice(0, 120).join("");

function open(id) {
  const conversation = read(id);
  if (!conversation) return list(); // another tab has deleted it
  show(conversation);
  root.classList.remove("qc-collection-open");
  reopen();
}

// Until the server has shown it, the page has the messages of the conversation before (asking.js).
function reopen() {
  wait();
  trigger("select", { turns: current.turns });
}

function wait() {
  root.classList.add("qc-opening");
  root.classList.toggle("qc-coming", current.turns.length > 0);
  document.dispatchEvent(new Event("qc-opening"));
}

// The person's own way of writing dates, where it is of the page's language: 29 Nov 2026 or Nov 29, 2026.
function locale() {
  const { lang } = document.documentElement;
  return navigator.languages.find((one) => one.split("-")[0] === lang) ?? lang;
}

// The list of conversations --------------------------------------------------------------------------
function list() {
  const template = part("#qc-conversation-entry");
  const entries = all().map((one) => {
    const entry = template.content.firstElementChild.cloneNode(true);
    entry.dataset.id = one.id;
    const title = entry.querySelector(".qc-open");
    title.textContent = one.title;
    if (one.id === current.id) title.setAttribute("aria-current", "true");
    const when = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" });
    entry.querySelector("time").textContent = when.format(one.updated);
    const count = entry.querySelector(".qc-when span");
    count.textContent = one.turns.length === 1 ? count.dataset.one : count.dataset.many.replace("{count}", one.turns.length);
    for (const button of entry.querySelectorAll(".qc-tools button")) button.setAttribute("aria-label", `${button.textContent}: ${one.title}`);
    return entry;
  });
  part(".qc-conversations").replaceChildren(...entries);
  part(".qc-no-conversations").hidden = entries.length > 0;
}

function rename(entry) {
  const title = entry.querySelector(".qc-open");
  const box = document.createElement("input");
  box.value = title.textContent;
  box.maxLength = 200;
  box.className = "qc-rename-box";
  box.setAttribute("aria-label", entry.querySelector(".qc-rename").textContent);
  const done = (keepIt) => {
    const one = read(entry.dataset.id);
    if (keepIt && one && box.value.trim()) {
      one.title = box.value.trim();
      save(one);
      if (one.id === current.id) current.title = one.title;
    }
    list();
    part(`[data-id="${CSS.escape(entry.dataset.id)}"] .qc-open`)?.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault(); // lest the key press what the focus goes to, or close the dialog
    event.stopPropagation();
    done(event.key === "Enter");
  });
  title.replaceWith(box);
  box.select();
}

// A conversation is gone only with the second press: there is no way to get it back.
function forget(entry, button) {
  if (!button.classList.contains("qc-sure")) {
    button.classList.add("qc-sure");
    button.textContent = button.dataset.sure;
    button.removeAttribute("aria-label");
    return;
  }
  local.removeItem(PREFIX + entry.dataset.id);
  if (entry.dataset.id === current.id) document.getElementById("qc-new").click();
  if (entry.dataset.id === before) before = null, tell(false);
  list();
  part("#qc-history .qc-dismiss").focus();
}

// The settings ---------------------------------------------------------------------------------------
const wishes = () => kept(local, "qc-settings");

function fill() {
  const chosen = wishes();
  for (const box of part("#qc-settings form")?.elements ?? []) {
    if (!box.name) continue;
    if (box.type === "radio") box.checked = box.value === (chosen[box.name] ?? box.dataset.usual);
    else box.value = chosen[box.name] ?? box.dataset.usual ?? "";
  }
  tellNumbers();
}

function tellNumbers() {
  for (const output of element.querySelectorAll("output[for]")) output.textContent = document.getElementById(output.htmlFor.value)?.value ?? "";
}

function choose(form) {
  const chosen = Object.fromEntries(new FormData(form));
  put("qc-settings", chosen);
  document.dispatchEvent(new CustomEvent("qc-settings", { detail: chosen }));
  tellAnswerer();
}

// Who answers and what leaves the machine for it is told in the head of the page and in the settings.
function tellAnswerer() {
  const { answerer = "" } = wishes();
  for (const group of [document.getElementById("qc-masthead"), element]) {
    const lines = [...group.querySelectorAll("[data-answerer]")];
    const told = lines.find((line) => line.dataset.answerer === answerer) ?? lines[0];
    for (const line of lines) if (line.hidden !== (line !== told)) line.hidden = line !== told;
    if (told) document.documentElement.classList.toggle("qc-writes", told.dataset.writes === "writes");
  }
}

function speak(language) {
  document.cookie = `qc_language=${language}; path=/; max-age=31536000; SameSite=Strict`;
  location.reload();
}

// What the person does -------------------------------------------------------------------------------
function pressed(event) {
  const on = (selector) => event.target.closest?.(selector);
  if (on("#qc-new")) show(fresh()), wait();
  if (on(".qc-return")) return open(before);
  if (on(".qc-language")) return speak(on(".qc-language").dataset.language);
  const opener = on("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog.id === "qc-history") list();
    else fill();
    return dialog.showModal();
  }
  if (!element.contains(event.target)) return;
  const dialog = on("dialog");
  if (on(".qc-dismiss")) return dialog.close();
  if (on(".qc-usual")) {
    local.removeItem("qc-settings");
    document.dispatchEvent(new CustomEvent("qc-settings", { detail: {} }));
    tellAnswerer();
    return fill();
  }
  const entry = on("[data-id]");
  if (!entry) return;
  if (on(".qc-rename")) return rename(entry);
  if (on(".qc-forget")) return forget(entry, on(".qc-forget"));
  const kind = on(".qc-export")?.dataset.kind;
  const conversation = kind && read(entry.dataset.id);
  if (kind) return conversation ? document.dispatchEvent(new CustomEvent("qc-export", { detail: { conversation, kind } })) : list();
  if (on(".qc-open")) {
    dialog.close();
    open(entry.dataset.id);
  }
}

document.addEventListener("click", pressed, listening);
document.addEventListener("qc-what-is-kept", () => tell(false), listening); // asked by what begins after this component
// What an answer cites is shown as it is known now: the conversation is opened anew when that was corrected or removed.
for (const kind of ["qc-edited", "qc-removed"]) document.addEventListener(kind, () => {
  if (current.turns.length && !document.querySelector("#qc-chat .qc-writing")) reopen();
}, listening);
document.addEventListener("qc-record", (event) => keep(event.detail), listening);
element.addEventListener("input", (event) => {
  tellNumbers();
  if (event.target.form?.closest("#qc-settings")) choose(event.target.form);
}, listening);
element.addEventListener("submit", (event) => event.preventDefault(), listening);
tellAnswerer();
new MutationObserver(tellAnswerer).observe(document.getElementById("qc-masthead"), { subtree: true, childList: true });
new MutationObserver(tellAnswerer).observe(element, { childList: true });
show(current);
reopen();

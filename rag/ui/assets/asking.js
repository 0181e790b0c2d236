// Asking otherwise than in the box: a question once more, in other words in its place, or one that is offered.
// What else could be asked comes after an answer, stands below the last one and makes way for the next question.
const listening = { signal: renew() };
const root = document.documentElement;
let told = { turns: [] }; // what history.js keeps of the conversation
let offered = { turn: 0, key: "", markup: "" };
let editing = null; // the form that stands in a question's place, and whose
let held = []; // what was pressed while another conversation was coming
let opening = 0;
let asked = 0;

function renew() {
  window.quellenchatAsking?.abort(); // should Gradio ever build this component a second time
  window.quellenchatAsking = new AbortController();
  return window.quellenchatAsking.signal;
}

const chat = () => document.getElementById("qc-chat");
const writing = () => chat()?.querySelector(".qc-writing");
const turnOf = (part) => Number(part.closest(".qc-answer")?.id.replace("qc-answer-", ""));

function ask(otherwise) {
  if (writing() || asked) return;
  begin();
  editing = null;
  trigger("select", otherwise);
}

// What is pressed too early ------------------------------------------------------------------------------
// While another conversation is coming, what would begin or ask something waits for it: the server would be sent the
// messages of the one before. And of two questions sent at once the first is asked.
const ASKING = "#qc-question-box .submit-button, #qc-chat .examples button";
const BEGINNING = "#qc-new, .qc-open, .qc-return, .qc-again, .qc-ask";
const PATIENCE_MS = 10_000; // the server may be gone

function hold(event) {
  const enter = event.type === "keydown" && event.target === box() && event.key === "Enter" && !event.shiftKey;
  const pressed = (selector) => event.type === "click" && event.target.closest?.(selector);
  if (enter && writing() && !event.isComposing) return refuse(event); // Gradio would answer both at once
  const asking = enter ? document.querySelector("#qc-question-box .submit-button") : pressed(ASKING);
  const button = asking || pressed(BEGINNING);
  if (!button || event.isComposing || (button.matches(".submit-button") && !box().value.trim())) return;
  if (opening || (asking && asked)) {
    refuse(event);
    if (!opening || held.includes(button)) return;
    held.push(button);
    if (asking) box().readOnly = true; // what was sent is what will be asked
  } else if (asking) begin();
}

function refuse(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function begin() {
  clearTimeout(asked);
  asked = setTimeout(() => { asked = 0; }, PATIENCE_MS);
}

function begun({ question, outcome }) {
  clearTimeout(asked);
  asked = 0;
  if (question && !outcome && box()?.value.trim() === question) write(""); // what was typed meanwhile stays
}

// What stands in the box is there again when the page is loaded anew, as it is when its server was gone for a while.
const box = () => document.querySelector("#qc-question-box textarea");
const DRAFT = `qc-draft:${window.gradio_config?.username ?? ""}`; // people who share a browser have each their own

function write(question) {
  box().value = question;
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

function draft() {
  const typed = session.getItem(DRAFT);
  if (typed && box()?.value === "") write(typed);
}

function wait() {
  clearTimeout(opening);
  opening = setTimeout(() => shown(false), PATIENCE_MS);
}

function shown(there = true) {
  clearTimeout(opening);
  clearTimeout(asked); // what was being asked was broken off by it
  opening = asked = 0;
  root.classList.remove("qc-opening", "qc-coming");
  const buttons = there ? held : [];
  held = [];
  if (box()) box().readOnly = false;
  setTimeout(() => buttons.forEach((button) => button.isConnected && button.click())); // once the messages are there
}

// What else could be asked ---------------------------------------------------------------------------
async function offer(turns) {
  const last = turns[turns.length - 1];
  const key = JSON.stringify([turns.length, last?.question, Boolean(last?.outcome)]);
  if (key === offered.key) return;
  offered = { turn: turns.length, key, markup: "" };
  if (!last?.outcome?.answered) return;
  const { language, citations, passages } = last.outcome;
  const places = citations.map(({ article, start, end }) => ({ article, start, end }));
  const reply = await server.follow_ups({ language, citations: places, passages, asked: turns.map((one) => one.question) }).catch(() => null);
  if (key !== offered.key) return; // the next question was quicker
  offered.markup = reply?.markup ?? "";
  decorate();
}

function offerAnew() {
  offered.key = "";
  offer(told.turns);
}

// A question in other words --------------------------------------------------------------------------
function rephrase(turn) {
  const question = chat().querySelectorAll(".qc-question")[turn - 1];
  if (!question || writing()) return;
  const form = document.getElementById("qc-rephrasing").content.firstElementChild.cloneNode(true);
  const words = form.querySelector("textarea");
  words.value = question.textContent;
  const limit = box()?.maxLength ?? -1;
  if (limit > 0) words.maxLength = limit;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (words.value.trim()) ask({ turn, question: words.value });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === words) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key !== "Escape") return;
    event.stopPropagation();
    stopEditing();
  });
  form.querySelector(".qc-dismiss").addEventListener("click", stopEditing);
  editing = { turn, form };
  decorate();
  words.focus();
  words.setSelectionRange(words.value.length, words.value.length);
}

function stopEditing() {
  const { turn } = editing ?? {};
  editing = null;
  decorate();
  chat().querySelector(`#qc-answer-${turn} .qc-rephrase`)?.focus();
}

// Gradio builds messages anew: what stands in them beside its own comes back, once for all that has changed.
function decorate() {
  if (!chat()) return;
  const answer = offered.markup && !writing() && document.getElementById(`qc-answer-${offered.turn}`);
  for (const old of chat().querySelectorAll(".qc-offers")) if (old.parentElement !== answer) old.remove();
  if (answer && !answer.querySelector(".qc-offers")) answer.insertAdjacentHTML("beforeend", offered.markup); // escaped by the server
  chat().querySelectorAll(".qc-question").forEach((question, index) => {
    const mine = editing?.turn === index + 1;
    if (question.hidden !== mine) question.hidden = mine;
    if (mine && question.nextElementSibling !== editing.form) question.after(editing.form);
  });
  tellBefore();
  for (const form of chat().querySelectorAll(".qc-rephrasing")) if (form !== editing?.form) form.remove();
}

// Where a question was asked anew that others had followed: how to get back to these.
function tellBefore() {
  const foot = told.before && document.querySelector(`#qc-answer-${told.turns.length} .qc-foot`);
  for (const old of chat().querySelectorAll(".qc-earlier")) if (old.previousElementSibling !== foot) old.remove();
  if (foot && !foot.parentElement.querySelector(".qc-earlier"))
    foot.after(document.getElementById("qc-earlier").content.firstElementChild.cloneNode(true));
}

document.addEventListener("qc-kept", (event) => {
  told = event.detail;
  if (told.anew) editing = null;
  decorate();
  offer(told.turns);
}, listening);
for (const kind of ["qc-edited", "qc-removed"]) document.addEventListener(kind, offerAnew, listening);
document.addEventListener("qc-record", (event) => begun(event.detail), listening);
document.addEventListener("qc-opening", wait, listening);
document.addEventListener("qc-shown", () => { draft(); shown(); }, listening);
document.addEventListener("input", (event) => event.target === box() && session.setItem(DRAFT, box().value), listening);
for (const kind of ["click", "keydown"]) window.addEventListener(kind, hold, { capture: true, ...listening });
if (root.classList.contains("qc-opening")) wait();
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest?.(`#qc-chat ${selector}`);
  if (on(".qc-again")) return ask({ turn: turnOf(event.target) });
  if (on(".qc-rephrase")) return rephrase(turnOf(event.target));
  if (on(".qc-ask")) return ask({ question: on(".qc-ask").textContent });
}, listening);
let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    decorate();
    if (asked && document.querySelector(".toast-body.error")) begun({}); // it was not taken
  });
}).observe(document.body, { subtree: true, childList: true });
document.dispatchEvent(new Event("qc-what-is-kept")); // a page that was loaded anew has its conversation already

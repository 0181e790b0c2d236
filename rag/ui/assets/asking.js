// Asking otherwise than in the box: a question once more, in other words in its place, or one that is offered.
// What else could be asked comes after an answer, stands below the last one and makes way for the next question.
const listening = { signal: renew() };
let offered = { turn: 0, key: "", markup: "" };
let editing = null; // the form that stands in a question's place, and whose

function renew() {
  window.quellenchatAsking?.abort(); // should Gradio ever build this component a second time
  window.quellenchatAsking = new AbortController();
  return window.quellenchatAsking.signal;
}

const chat = () => document.getElementById("qc-chat");
const writing = () => chat()?.querySelector(".qc-writing");
const turnOf = (part) => Number(part.closest(".qc-answer")?.id.replace("qc-answer-", ""));

function ask(asked) {
  if (writing()) return;
  editing = null;
  trigger("select", asked);
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

// A question in other words --------------------------------------------------------------------------
function rephrase(turn) {
  const question = chat().querySelectorAll(".qc-question")[turn - 1];
  if (!question || writing()) return;
  const form = document.getElementById("qc-rephrasing").content.firstElementChild.cloneNode(true);
  const box = form.querySelector("textarea");
  box.value = question.textContent;
  const limit = document.querySelector("#qc-question-box textarea")?.maxLength ?? -1;
  if (limit > 0) box.maxLength = limit;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim()) ask({ turn, question: box.value });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box) {
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
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
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
  for (const old of chat().querySelectorAll(".qc-next")) if (old.parentElement !== answer) old.remove();
  if (answer && !answer.querySelector(".qc-next")) answer.insertAdjacentHTML("beforeend", offered.markup); // escaped by the server
  chat().querySelectorAll(".qc-question").forEach((question, index) => {
    const mine = editing?.turn === index + 1;
    if (question.hidden !== mine) question.hidden = mine;
    if (mine && question.nextElementSibling !== editing.form) question.after(editing.form);
  });
  for (const form of chat().querySelectorAll(".qc-rephrasing")) if (form !== editing?.form) form.remove();
}

document.addEventListener("qc-kept", (event) => {
  if (event.detail.anew) editing = null;
  offer(event.detail.turns);
}, listening);
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
  queueMicrotask(() => { waiting = false; decorate(); });
}).observe(document.body, { subtree: true, childList: true });
document.dispatchEvent(new Event("qc-what-is-kept")); // a page that was loaded anew has its conversation already

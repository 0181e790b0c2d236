// The page as a whole: its language, and what a screen reader hears of the conversation.
const root = document.documentElement;
const chosen = /(?:^|; )qc_language=([a-z]+)/.exec(document.cookie)?.[1];
const language = (chosen ?? navigator.language ?? "en").toLowerCase().split("-")[0];
root.lang = document.currentScript.dataset.languages.split(" ").includes(language) ? language : "en";
// The head grows with what it has to say: who is logged in, and all that leaves the machine.
const measure = new ResizeObserver(([{ borderBoxSize }]) => root.style.setProperty("--qc-top", `${borderBoxSize[0].blockSize}px`));

// A login that has ended leads to the login page at the next request.
const fetchPlainly = window.fetch;
window.fetch = async (...request) => {
  const response = await fetchPlainly(...request);
  if (response.status === 401) location.reload();
  return response;
};

// Gradio labels each message with its markup and rebuilds it with every piece of a streamed answer: take the
// label off, so that the text itself is read, and keep the log silent until an answer is complete. Its list of
// examples holds buttons and no list items, so it is a group; the question box has buttons without words.
function tidy() {
  const words = document.querySelector("#qc-masthead header")?.dataset;
  for (const kind of words ? ["submit", "stop"] : []) {
    const button = document.querySelector(`#qc-question-box .${kind}-button`);
    const label = kind === "stop" ? words.stop : words.ask;
    if (button && button.ariaLabel !== label) button.ariaLabel = button.title = label;
  }
  for (const toast of words ? document.querySelectorAll(".toast-body.error") : []) {
    const [title, text] = [".toast-title", ".toast-message-text"].map((name) => toast.querySelector(name));
    if (title && title.textContent !== words.failed) title.textContent = words.failed;
    if (text?.textContent.startsWith("Connection to the server was lost")) text.textContent = words.offline;
  }
  document.querySelector("#qc-chat .examples[role=list]")?.setAttribute("role", "group");
  for (const example of document.querySelectorAll("#qc-chat .examples button[aria-label]")) example.removeAttribute("aria-label");
  const log = document.querySelector("#qc-chat [role=log]");
  if (!log) return;
  if (words && log.ariaLabel !== words.log) log.ariaLabel = words.log;
  for (const message of log.querySelectorAll("[data-testid][aria-label]")) message.removeAttribute("aria-label");
  const busy = String(Boolean(log.querySelector(".qc-writing")));
  if (log.getAttribute("aria-busy") !== busy) log.setAttribute("aria-busy", busy);
}

// A new question comes to the top of the view and stays there while its answer grows below.
let followed = 0;
function follow() {
  const questions = document.querySelectorAll("#qc-chat .qc-question");
  if (questions.length > followed) {
    const log = questions[0].closest("[role=log]");
    const last = questions[questions.length - 1];
    log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }
  followed = questions.length;
}

// What was pressed in the conversation is gone once it has done its work, as an example, "Ask again" and "Stop" are:
// whoever goes by keyboard goes on with the next question, unless that opens a touch keyboard.
let pressed = null;
document.addEventListener("focusin", (event) => { pressed = event.target.closest("#qc-left") && event.target; });
function settle() {
  if (!pressed || pressed.isConnected || document.activeElement !== document.body) return;
  pressed = null;
  const box = document.querySelector("#qc-question-box textarea");
  if (window.matchMedia("(hover: hover)").matches) box?.focus({ preventScroll: true });
}

// A quote in the marks that it needs, as the answers have them (rag/answer/texts.py): others than its own, none
// where it stands in some.
window.qcQuoted = (quote) => {
  if (/^[„“»«"][^„“”»«"]*[“”»«"]$/.test(quote)) return quote;
  const other = /[„“”»«"]/.test(quote) && !/[»«]/.test(quote);
  const [opening, closing] = (root.lang === "de" ? ["„“", "»«"] : ["“”", "‘’"])[Number(other)];
  return opening + quote + closing;
};

// A dialog is closed by a click beside it: one that also began there, as the end of marking a text does not.
let began = null;
document.addEventListener("pointerdown", (event) => { began = event.target; });
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (!dialog.matches?.("dialog[open]") || began !== dialog) return;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  if (!inside) dialog.close();
});

let head = null;
function watchHead() {
  if (head?.isConnected) return;
  head = document.getElementById("qc-top");
  if (head) measure.observe(head);
}

new MutationObserver(() => { watchHead(); tidy(); follow(); settle(); }).observe(document.body, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"],
});

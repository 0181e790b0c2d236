// Verdicts on answers and quotes, and conversations to take along. Both rest on the records that this browser
// keeps (history.js); the component only reaches the server.
const listening = { signal: renew() };
const recent = new Map(); // "turn" or "turn-number" → verdict, so that what Gradio builds anew shows it again
let turns = [];

function renew() {
  window.quellenchatFeedback?.abort(); // should Gradio ever build this component a second time
  window.quellenchatFeedback = new AbortController();
  return window.quellenchatFeedback.signal;
}

// What was stopped or failed is kept nowhere: there is nothing to judge.
function mark() {
  for (const group of document.querySelectorAll(".qc-verdict")) {
    const idle = !turns[keyOf(group)?.split("-")[0] - 1]?.outcome;
    if (group.classList.contains("qc-idle") !== idle) group.classList.toggle("qc-idle", idle);
  }
  for (const button of document.querySelectorAll(".qc-right, .qc-wrong")) {
    const pressed = String(recent.get(keyOf(button)) === button.classList.contains("qc-right"));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
}

const keyOf = (button) => button.closest("[data-cite]")?.dataset.cite ?? button.closest(".qc-answer")?.id.replace("qc-answer-", "");

// One after the other: the verdict that was pressed last is the one that counts.
let given = Promise.resolve();
const judge = (button) => { given = given.then(() => give(button)); };

async function give(button) {
  const key = keyOf(button);
  const [turn, number] = key.split("-");
  const kept = turns[turn - 1]?.outcome;
  if (!kept) return;
  const citations = kept.citations.filter((one) => !number || one.marker === `[${number}]`).map(({ article, quote }) => ({ article, quote }));
  const right = button.classList.contains("qc-right");
  const reply = await server.judge({ question: kept.question, language: kept.language, right, citations }).catch(() => null);
  const group = button.closest(".qc-verdict");
  group.querySelector(".qc-error")?.remove();
  if (!reply || reply.error) return tellFailed(group, reply?.error);
  recent.set(key, right);
  mark();
}

function tellFailed(group, why) {
  const notice = document.createElement("span");
  notice.className = "qc-error";
  notice.role = "alert";
  notice.textContent = why || document.querySelector(".qc-sources").dataset.offline;
  group.append(notice);
}

// Taking a conversation along --------------------------------------------------------------------------
function linkTo({ article, start, end, check }) {
  return `${location.origin}${location.pathname}?${new URLSearchParams({ article, start, end, ...(check && { check }) })}`;
}

const oneLine = (text) => String(text ?? "").split(/\s+/).filter(Boolean).join(" ");
const escaped = (text) => text.replace(/[\\`*_[\]<>#|~]|&(?=#?\w+;)/g, "\\$&");
const plain = (text) => escaped(oneLine(text));

// An answer's bold type, bullets and markers stay what they are, as in rag/answer/references.py.
function laidOut(text) {
  const lines = text.split("\n").map((line) => line.replace(/^#{1,6} +(.+)$/, "**$1**").replace(/^[ \t]*[-+*•] /, "- "));
  return lines.join("\n").split(/(\*\*|\[\d{1,2}\])/).map((part, index) => (index % 2 ? part : escaped(part))).join("");
}

function day(published) {
  if (!published) return "";
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(published));
}

function citation(one) {
  const original = /^https?:\/\/[^\s<>]+$/.test(one.url ?? "") ? `[${plain(one.title)}](<${one.url}>)` : plain(one.title);
  const about = [plain(one.publisher), day(one.published), original].filter(Boolean).join(", ");
  return `- ${one.marker} ${plain(window.qcQuoted(oneLine(one.quote)))} – ${about} ([↗](<${linkTo(one)}>))`;
}

function markdown({ title, turns: all }) {
  const parts = [`# ${plain(title)}`];
  for (const { question, outcome } of all) {
    parts.push(`## ${plain(question)}`);
    if (!outcome) continue;
    parts.push(laidOut(outcome.text));
    if (outcome.reason) parts.push(plain(outcome.reason));
    if (outcome.citations?.length) parts.push(outcome.citations.map(citation).join("\n"));
  }
  return parts.join("\n\n") + "\n";
}

function json({ title, turns: all }) {
  const linked = all.map(({ question, outcome }) => outcome
    ? { ...outcome, citations: (outcome.citations ?? []).map((one) => ({ ...one, link: linkTo(one) })) }
    : { question });
  return JSON.stringify({ title, exported: new Date().toISOString(), answers: linked }, null, 2) + "\n";
}

function take({ conversation, kind }) {
  const content = kind === "md" ? markdown(conversation) : json(conversation);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: kind === "md" ? "text/markdown" : "application/json" }));
  link.download = `${conversation.title.replace(/[^\p{L}\p{N} -]+/gu, " ").trim().slice(0, 60) || "Quellenchat"}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

document.addEventListener("qc-export", (event) => take(event.detail), listening);
document.addEventListener("qc-kept", (event) => {
  turns = event.detail.turns;
  for (const key of recent.keys()) if (key.split("-")[0] > turns.length || event.detail.anew) recent.delete(key);
  mark();
}, listening);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".qc-right, .qc-wrong");
  if (!button) return;
  event.stopPropagation();
  judge(button);
}, { capture: true, ...listening });
// Gradio builds messages and panel anew: the marks go on them again, once for all that has changed at a time.
let marking = false;
new MutationObserver(() => {
  if (marking) return;
  marking = true;
  queueMicrotask(() => { marking = false; mark(); });
}).observe(document.body, { subtree: true, childList: true });
document.dispatchEvent(new Event("qc-what-is-kept")); // a page that was loaded anew has its conversation already

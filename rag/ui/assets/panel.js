// The sources panel: remembers the sources of each answer on this page, shows the ones asked for, copies an
// answer together with them.
const seen = new Map(); // turn → markup, as the server wrote it
const listening = { signal: renew() };
let turn = null;

function renew() {
  window.quellenchatPanel?.abort(); // should Gradio ever build this component a second time
  window.quellenchatPanel = new AbortController();
  return window.quellenchatPanel.signal;
}

function remember() {
  const sources = element.querySelector(".qc-sources");
  if (!sources) return;
  seen.set(sources.dataset.turn, props.value);
  if ("again" in sources.dataset) {
    turn = sources.dataset.turn;
    return document.dispatchEvent(new CustomEvent("qc-restored"));
  }
  const grown = sources.dataset.turn === turn; // the answer went on, or another one began
  turn = sources.dataset.turn;
  document.dispatchEvent(new CustomEvent(grown ? "qc-grown" : "qc-turn", { detail: turn }));
}

function show(asked) {
  if (asked === turn || !seen.has(asked)) return;
  turn = asked;
  props.value = seen.get(asked);
}

function references(asked) {
  const page = new DOMParser().parseFromString(seen.get(asked) ?? "", "text/html");
  return [...page.querySelectorAll(".qc-quote")].map((quote) => {
    const card = quote.closest(".qc-card");
    const part = (selector, from = card) => from.querySelector(selector)?.textContent.trim() ?? "";
    const marker = part(".qc-cite", quote);
    const where = [part(".qc-publisher"), part("time"), part("h3")].filter(Boolean).join(", ");
    const address = card.querySelector(".qc-original")?.href ?? "";
    const line = `${marker} ${window.qcQuoted(part("q", quote))} – ${where} ${address}`.trim();
    return { number: Number(marker.replace(/\D/g, "")), line };
  }).sort((one, other) => one.number - other.number).map((reference) => reference.line);
}

async function copy(button) {
  const answer = button.closest(".qc-answer");
  const lines = references(answer.id.replace("qc-answer-", ""));
  const text = answer.querySelector(".qc-text").innerText.replaceAll("\u00a0", " ").trim();
  await toClipboard(button, [text, lines.join("\n")].filter(Boolean).join("\n\n"));
}

async function toClipboard(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // not allowed, or there is none: over plain http from another machine
    return offer(text);
  }
  button.classList.add("qc-copied");
  setTimeout(() => button.classList.remove("qc-copied"), 2000);
}

function offer(text) {
  const dialog = document.getElementById("qc-by-hand");
  const box = dialog.querySelector("textarea");
  box.value = text;
  box.oncopy = () => setTimeout(() => dialog.close());
  dialog.showModal();
  box.select();
}

// A conversation that was opened again: the sources of all its answers, the last of which is shown.
function reopen(panels) {
  seen.clear();
  for (const [number, markup] of Object.entries(panels)) seen.set(number, markup);
}

document.addEventListener("qc-panels", (event) => reopen(event.detail), listening);
document.addEventListener("qc-show", (event) => show(event.detail), listening);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.qc-copy");
  if (button?.matches(".qc-copy-link")) toClipboard(button, location.href);
  else if (button) copy(button);
}, listening);
remember();
watch("value", remember);

// A quote in the other language, by the language model that the person has chosen: below the quote, never in its
// place. What was translated on this page stays at hand when Gradio builds the panel anew.
const listening = { signal: renew() };
const made = new Map(); // where a quote stands and into which language → markup, and whether it is shown

function renew() {
  window.quellenchatTranslation?.abort(); // should Gradio ever build this component a second time
  window.quellenchatTranslation = new AbortController();
  return window.quellenchatTranslation.signal;
}

function wanted(button) {
  const { article, start, end, check } = button.closest("[data-cite]").dataset;
  return { article, start, end, check, language: button.dataset.language, settings: kept(local, "qc-settings") };
}

const keyOf = ({ article, start, end, check, language }) => JSON.stringify([article, start, end, check, language]);

async function translate(button) {
  const asked = wanted(button);
  const known = made.get(keyOf(asked));
  if (known) {
    known.shown = !known.shown;
    return show(button);
  }
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  const offline = { error: "" };
  const reply = (await server.translate(asked).catch(() => offline)) ?? offline;
  button.disabled = false;
  button.textContent = label;
  if (reply.markup) made.set(keyOf(asked), { markup: reply.markup, shown: true });
  show(button, reply.error);
}

function show(button, error = "") {
  const quoted = button.closest(".qc-quoted");
  const known = made.get(keyOf(wanted(button)));
  quoted.querySelector(".qc-error")?.remove();
  if (error) quoted.insertAdjacentHTML("beforeend", error); // escaped by the server, like the translation
  if (!known) return;
  if (!quoted.querySelector(".qc-translation")) quoted.querySelector("q").insertAdjacentHTML("afterend", known.markup);
  quoted.querySelector(".qc-translation").hidden = !known.shown;
  if (button.getAttribute("aria-expanded") !== String(known.shown)) button.setAttribute("aria-expanded", known.shown);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".qc-translate");
  if (!button) return;
  event.stopPropagation(); // the quote around it opens the article
  translate(button);
}, { capture: true, ...listening });
new MutationObserver(() => {
  for (const button of document.querySelectorAll("#qc-panel .qc-translate")) {
    const bare = !button.closest(".qc-quoted").querySelector(".qc-translation");
    if (bare && made.has(keyOf(wanted(button)))) show(button);
  }
}).observe(document.getElementById("qc-panel") ?? document.body, { subtree: true, childList: true });

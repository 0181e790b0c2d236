// From a marker to its sentence: opens the article in the panel, scrolls to the quote, and leads back.
// A marker is a link "#q<turn>-<number>"; where it leads stands in the panel's [data-cite] element. What is
// open stands in the page's address, which therefore can be shared: ?article=…&start=…&end=…&check=…, where the
// last is by what the server knows the sentence again.
const root = document.documentElement;
const panel = () => document.getElementById("qc-panel");
const scroller = () => document.getElementById("qc-reader");
const narrow = window.matchMedia("(max-width: 899px)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const listening = { signal: renew() };
let opener = () => null; // finds the link that led to what is open, where it is still there
let opened = null; // the citation whose article is open, as in data-cite
let place = null; // the article that is open and where in it
let settled = Promise.resolve(); // once the browser has gone back
let request = 0; // the latest click wins, however slow an earlier answer is

function renew() {
  window.quellenchatReader?.abort(); // should Gradio ever build this component a second time
  window.quellenchatReader = new AbortController();
  return window.quellenchatReader.signal;
}

const painted = () => new Promise((resolve) => setTimeout(resolve));
const current = () => panel().querySelector("[data-cite].qc-current");

// On a narrow screen the open panel covers everything else, for the keyboard and the ear too.
function openPanel(open) {
  root.classList.toggle("qc-panel-open", open);
  const covered = document.querySelectorAll("#qc-top, #qc-left, section.qc-collection"); // not its dialogs, which lie above
  for (const part of covered) part.inert = open && narrow.matches;
}

async function showSources(turn) {
  document.dispatchEvent(new CustomEvent("qc-show", { detail: turn }));
  openPanel(true);
  await painted();
}

function closeArticle() {
  request += 1;
  opened = place = null;
  root.classList.remove("qc-reading");
  for (const other of document.querySelectorAll(".qc-current")) other.classList.remove("qc-current");
  element.replaceChildren();
  tellOpened();
}

const tellOpened = () => document.dispatchEvent(new CustomEvent("qc-opened", { detail: place?.article }));

// The article is one step in the browser's history, however many citations were walked through in it.
const NAMES = ["article", "start", "end", "check", "from", "to"];
const without = () => location.pathname;

function toAddress() {
  const parts = Object.fromEntries(NAMES.filter((name) => place[name]).map((name) => [name, place[name]]));
  if (parts.start) delete parts.from, delete parts.to; // the sentence is enough, and what is shared stays short
  return `?${new URLSearchParams(parts)}`;
}

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  return asked.get("article") && Object.fromEntries(NAMES.filter((name) => asked.has(name)).map((name) => [name, asked.get(name)]));
}

function writeAddress() {
  const address = toAddress();
  tellOpened();
  if (!opened && address === location.search) return; // the citation that once led here may be back soon
  if (fromAddress()) history.replaceState({ ...history.state, cite: opened }, "", address);
  else history.pushState({ cite: opened, ours: true }, "", address);
}

function forgetAddress(byPerson) {
  if (!fromAddress()) return;
  if (!byPerson || !history.state?.ours) return history.replaceState(null, "", without());
  settled = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
  history.back();
}

async function followAddress() {
  const asked = fromAddress();
  if (!asked) {
    if (root.classList.contains("qc-reading")) leave();
    return;
  }
  const [turn, number] = (history.state?.cite ?? "").split("-");
  const cite = number && (await cited(turn, number)); // of another conversation, where the article is another one
  const leads = cite?.dataset.article === asked.article && (cite.dataset.start || !asked.start); // its sentence may be gone
  if (leads) return openArticle(turn, number, false);
  await openPlace(asked, true);
}

function leave() {
  const reading = root.classList.contains("qc-reading");
  const typing = document.activeElement?.matches("textarea");
  closeArticle();
  forgetAddress(true);
  if (narrow.matches || !reading) openPanel(false);
  if (!typing) opener()?.focus({ preventScroll: true });
  opener = () => null;
}

async function cited(turn, number) {
  await showSources(turn);
  return panel().querySelector(`[data-cite="${turn}-${number}"]`);
}

async function openArticle(turn, number, byKeyboard) {
  const cite = await cited(turn, number);
  if (!cite) return;
  await settled;
  closeArticle();
  opened = cite.dataset.cite;
  root.classList.add("qc-reading");
  markOpened();
  await fetchArticle(cite.dataset, byKeyboard);
}

// Opens an article that no citation of this conversation leads to: from a shared address or from the collection.
async function openPlace(asked, byKeyboard) {
  openPanel(true);
  await settled;
  closeArticle();
  root.classList.add("qc-reading");
  tellPosition(null);
  await fetchArticle(asked, byKeyboard);
}

function markOpened() {
  const cite = opened && panel().querySelector(`[data-cite="${opened}"]`);
  if (!cite) return;
  const links = document.querySelectorAll(`#qc-chat a[href="#q${opened}"]`);
  for (const part of [cite, cite.closest(".qc-card"), ...links]) part.classList.add("qc-current");
  tellPosition(cite);
}

async function fetchArticle(asked, byKeyboard) {
  const mine = ++request;
  const { article, start, end, check, from, to, middle } = asked;
  place = { article, start, end, check, from, to };
  writeAddress();
  scroller().setAttribute("aria-busy", "true");
  const markup = await server.open_article({ ...place, middle }).catch(() => null);
  if (mine !== request) return;
  if (typeof markup === "string") element.innerHTML = markup; // escaped by the server, character by character
  else element.replaceChildren(offline());
  scroller().removeAttribute("aria-busy");
  scrollToPlace(byKeyboard, middle);
}

function offline() {
  const notice = document.createElement("p");
  notice.className = "qc-error";
  notice.textContent = panel().querySelector(".qc-sources").dataset.offline;
  return notice;
}

function scrollToPlace(byKeyboard, middle) {
  const frame = scroller();
  // Whoever goes on reading a long article goes on where the part ended that was shown.
  const target = middle ? element.querySelector(".qc-here") : (element.querySelector("mark") ?? element.querySelector(".qc-shaded"));
  frame.scrollTop = 0;
  if (target) {
    const top = target.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    const room = frame.clientHeight - target.getBoundingClientRect().height;
    frame.scrollTop = top - Math.max(16, Math.min(room / 2, frame.clientHeight / 3));
    if (!still.matches && !middle) target.classList.add("qc-arrived");
  }
  const focused = target ?? element.querySelector("article") ?? element;
  focused.tabIndex = -1;
  if (byKeyboard) focused.focus({ preventScroll: true });
}

function places(cite) {
  if (!cite) return [];
  const kind = cite.classList.contains("qc-quote") ? ".qc-quote" : ".qc-read";
  const all = [...panel().querySelectorAll(`${kind}[data-cite]`)];
  const number = (place) => Number(place.dataset.cite.replace(/^.*\D/, ""));
  return all.sort((one, other) => number(one) - number(other));
}

function tellPosition(cite) {
  const all = places(cite);
  const position = panel().querySelector(".qc-position");
  if (!position) return; // the page is only beginning
  position.textContent = all.length > 1 ? `${all.indexOf(cite) + 1} / ${all.length}` : "";
  for (const button of panel().querySelectorAll(".qc-step-to")) button.disabled = all.length < 2;
}

function step(by, byKeyboard) {
  const all = places(current());
  if (all.length < 2) return;
  const next = all[(all.indexOf(current()) + by + all.length) % all.length];
  const [turn, number] = next.dataset.cite.split("-");
  openArticle(turn, number, byKeyboard);
}

function follow(link, event) {
  const match = /^#q(\d+)-(\w+)$/.exec(link.getAttribute("href"));
  if (!match) return;
  event.preventDefault();
  const again = `#qc-chat [href="${link.getAttribute("href")}"]`;
  if (!panel().contains(link)) opener = () => (link.isConnected ? link : document.querySelector(again));
  const [, turn, what] = match;
  if (what !== "sources" && what !== "nearest") return openArticle(turn, what, event.detail === 0);
  return showSources(turn).then(() => {
    closeArticle();
    forgetAddress(false);
    const folded = panel().querySelector(".qc-folded");
    if (what === "nearest" && folded) folded.open = true;
    const heading = panel().querySelector(".qc-panel-title");
    if (event.detail === 0) heading?.focus();
  });
}

// To the list of sources: on a narrow screen it lies over the conversation and stays.
function back() {
  if (!narrow.matches || !opened) return leave();
  closeArticle();
  forgetAddress(true);
}

function pressed(event) {
  const on = (selector) => event.target.closest?.(selector);
  const link = on('a[href^="#q"]');
  if (link) return follow(link, event);
  const other = on("[data-open]");
  if (other) return event.preventDefault(), openPlace({ article: other.dataset.open }, event.detail === 0);
  if (on(".qc-back")) return back();
  if (on(".qc-close")) return leave();
  if (on(".qc-next")) return step(1, false);
  if (on(".qc-previous")) return step(-1, false);
  const more = on(".qc-step");
  if (more) return fetchArticle({ ...place, middle: more.dataset.middle }, event.detail === 0);
  const quote = on("#qc-panel .qc-quote");
  if (quote && !String(getSelection())) return quote.querySelector("a").click();
}

// Keys while an article is open: Escape leaves it, the arrows lead to the next and the previous citation.
function typed(event) {
  if (document.querySelector("dialog[open]")) return; // its keys are its own
  const reading = root.classList.contains("qc-reading");
  if (event.key === "Escape" && (reading || (narrow.matches && root.classList.contains("qc-panel-open")))) return leave();
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  const writing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (reading && opened && by && plain && !writing) step(by, true);
}

document.addEventListener("click", pressed, listening);
document.addEventListener("keydown", typed, listening);
document.addEventListener("qc-turn", (event) => {
  if (!opened && event.detail === "0") return tellPosition(null); // what a shared address has opened stays when the page begins
  closeArticle();
  forgetAddress(false);
  openPanel(false);
}, listening);
document.addEventListener("qc-restored", async () => {
  await painted(); // the sources of all its answers are at hand
  if (opened) document.dispatchEvent(new CustomEvent("qc-show", { detail: opened.split("-")[0] }));
  await painted();
  const cite = opened && panel().querySelector(`[data-cite="${opened}"]`);
  if (cite && cite.dataset.article === place.article) markOpened();
  else if (opened) leave(); // another conversation was opened
  else if (place && history.state?.cite) followAddress(); // its card is there again
  else if (place) tellPosition(null);
}, listening);
document.addEventListener("qc-open", ({ detail: { article, byKeyboard } }) => {
  opener = () => document.querySelector(`.qc-articles [data-article="${CSS.escape(article)}"] h3 a`);
  openPlace({ article }, byKeyboard);
}, listening);
document.addEventListener("qc-removed", (event) => { if (place?.article === event.detail) leave(); }, listening);
document.addEventListener("qc-edited", async (event) => {
  if (place?.article !== event.detail) return;
  await fetchArticle(place, false);
  if (document.activeElement === document.body) element.querySelector(".qc-edit")?.focus({ preventScroll: true }); // as before
}, listening);
document.addEventListener("qc-grown", markOpened, listening); // Gradio has written the cards anew
narrow.addEventListener("change", () => openPanel(root.classList.contains("qc-panel-open")), listening);
addEventListener("popstate", followAddress, listening);
scroller().tabIndex = 0; // what scrolls can be reached by keyboard
followAddress();

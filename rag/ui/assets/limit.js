// What limits and shapes the next answer: the filter, which is this tab's, and the person's settings.
// The component's value goes to the server with every question.
const listening = { signal: renew() };

function renew() {
  window.quellenchatLimit?.abort(); // should Gradio ever build this component a second time
  window.quellenchatLimit = new AbortController();
  return window.quellenchatLimit.signal;
}

const set = (changes) => { props.value = { ...props.value, ...changes }; };

document.addEventListener("qc-limit", (event) => set(event.detail), listening);
document.addEventListener("qc-settings", (event) => set({ settings: event.detail }), listening);

// Gradio gives the component its first value after this script has run: what was kept goes into that one.
function begin() {
  if (!props.value?.settings) set({ settings: kept(local, "qc-settings"), filter: kept(session, "qc-filter") });
}

watch("value", begin);
setTimeout(begin);

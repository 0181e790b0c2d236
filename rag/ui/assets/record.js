// What the server tells of a conversation beside what is shown: records to keep, and the sources of answers
// that were given before.
function told() {
  const { turn, panels, shown } = props.value ?? {};
  if (turn) document.dispatchEvent(new CustomEvent("qc-record", { detail: props.value }));
  if (panels) document.dispatchEvent(new CustomEvent("qc-panels", { detail: panels }));
  if (shown) document.dispatchEvent(new Event("qc-shown"));
}

watch("value", told);

// Drafts: what was typed stays on this device until it was sent.
//
//   <form data-draft="case:1234">
//     <p data-draft-note hidden>… <button type="button" data-draft-drop>…</button></p>
//
// Files and passwords are not kept. A draft is forgotten when another page follows the sending.

const PREFIX = 'wanbi-draft:';
const KEPT_MS = 14 * 24 * 3_600_000;
const PAUSE_MS = 300;

export function drafts() {
  try {
    sweep();
  } catch {
    return; // No storage: a private window, or none left.
  }
  for (const form of document.querySelectorAll('form[data-draft]')) keep(form);
}

const read = (key) => JSON.parse(localStorage.getItem(key) ?? 'null');

function sweep() {
  const open = new Set([...document.querySelectorAll('form[data-draft]')].map(keyOf));
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const draft = read(key);
    const old = !draft || Date.now() - draft.at > KEPT_MS;
    if (old || (draft.sent && !open.has(key))) localStorage.removeItem(key);
  }
}

const keyOf = (form) => PREFIX + form.dataset.draft;

const fields = (form) => [...form.elements].filter(
  (field) => field.name && !['hidden', 'file', 'password', 'submit', 'button'].includes(field.type),
);

function keep(form) {
  const key = keyOf(form);
  if (restore(form, read(key))) {
    const note = form.querySelector('[data-draft-note]');
    if (note) note.hidden = false;
  }
  let waiting;
  const save = (sent) => {
    const values = fields(form).map((field) => [field.name, field.value, field.checked === true]);
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), sent, values }));
    } catch {
      // Full: the page goes on without.
    }
  };
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(false), PAUSE_MS);
  });
  form.addEventListener('submit', (event) => {
    clearTimeout(waiting);
    if (!event.defaultPrevented) save(true);
  });
  form.querySelector('[data-draft-drop]')?.addEventListener('click', () => {
    localStorage.removeItem(key);
    form.reset();
    form.querySelector('[data-draft-note]').hidden = true;
  });
}

// Only fields that are as the server left them: what it sent back after a mistake goes first.
function restore(form, draft) {
  let changed = false;
  const left = [...(draft?.values ?? [])];
  for (const field of fields(form)) {
    const at = left.findIndex(([name, value]) =>
      name === field.name && (!isChoice(field) || value === field.value));
    if (at === -1) continue;
    const [[, value, checked]] = left.splice(at, 1);
    if (isChoice(field)) {
      if (field.checked === checked || field.checked !== field.defaultChecked) continue;
      field.checked = checked;
    } else {
      const untouched = field.options
        ? [...field.options].every((option) => !option.defaultSelected)
        : field.value === '';
      if (!untouched || field.value === value) continue;
      field.value = value;
    }
    changed = true;
  }
  if (changed) form.dispatchEvent(new Event('input', { bubbles: true }));
  return changed;
}

const isChoice = (field) => field.type === 'checkbox' || field.type === 'radio';

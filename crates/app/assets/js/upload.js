// Files go up in parts, show how far they are, and go on where they stopped when the connection
// was lost. Without this script the form carries them itself.
//
//   <form data-uploads="/b/orders/…/uploads"> <input type="file"> <div data-upload-list>

const TRIES_MAX = 8;
const PAUSE_MS = 1_000;

export function uploads() {
  addEventListener('change', (event) => {
    const input = event.target;
    const form = input.form;
    if (input.type !== 'file' || !form?.dataset.uploads || !input.files.length) return;
    // More than one is sent in turn, so that a weak line carries one at a time.
    const files = [...input.files];
    input.value = '';
    send(form, files);
  });
}

async function send(form, files) {
  const list = form.querySelector('[data-upload-list]');
  let kept = 0;
  for (const file of files) {
    const row = rowOf(file);
    list.append(row.line);
    try {
      const id = await upload(form.dataset.uploads, file, row, list.dataset);
      const field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name: 'file_id', value: id });
      form.append(field);
      row.say(list.dataset.wordDone ?? '✓');
      kept += 1;
    } catch (error) {
      row.say(`${list.dataset.wordFailed ?? '✗'} ${error.message}`);
    }
  }
  if (kept) form.dispatchEvent(new CustomEvent('uploaded', { bubbles: true }));
}

function rowOf(file) {
  const line = document.createElement('p');
  const bar = document.createElement('progress');
  const note = document.createElement('span');
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  line.append(file.name, bar, note);
  return { line, to: (bytes) => (bar.value = bytes), say: (text) => (note.textContent = text) };
}

async function upload(at, file, row, words) {
  const body = JSON.stringify({ name: file.name, size: file.size });
  const json = { 'content-type': 'application/json' };
  const begun = await again(() => ask(at, { method: 'POST', headers: json, body }), row, words);
  const base = `/b/uploads/${begun.upload_id}`;
  let offset = begun.next_offset ?? 0;
  while (offset < file.size) {
    const part = file.slice(offset, offset + begun.part_size);
    const done = await again(() => put(base, offset, part), row, words);
    offset = done.next_offset ?? offset + part.size;
    row.to(offset);
  }
  const stored = await again(() => ask(`${base}/finish`, { method: 'POST' }), row, words);
  return stored.file_id;
}

/** A part that is out of place is told where to go on; that is an answer too. */
async function put(base, offset, body) {
  const answer = await fetch(`${base}/parts/${offset}`, { method: 'PUT', body });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok || told.next_offset !== undefined) return told;
  throw refusal(answer, told);
}

async function ask(url, options) {
  const answer = await fetch(url, options);
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw refusal(answer, told);
}

function refusal(answer, told) {
  const error = new Error(told.detail ?? String(answer.status));
  error.final = answer.status < 500 && answer.status !== 408 && answer.status !== 429;
  return error;
}

/** A lost connection is tried again, a refusal is not. */
async function again(act, row, words) {
  for (let tries = 1; ; tries += 1) {
    try {
      const done = await act();
      row.say('');
      return done;
    } catch (error) {
      if (error.final || tries >= TRIES_MAX) throw error;
      row.say(words.wordWaiting ?? '…');
      await new Promise((wake) => setTimeout(wake, PAUSE_MS * Math.min(tries, 5)));
    }
  }
}

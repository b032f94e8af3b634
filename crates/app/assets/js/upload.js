// Files go up in parts, show how far they are, can be paused, and go on where they stopped when the
// connection was lost. Without this script the form carries them itself.
//
//   <section data-uploads="/b/orders/…/uploads" data-field="file_id" data-then="submit">
//     <input type="file"> <div data-upload-list data-word-…>

const PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 15_000;
const TRIES_MAX = 60;
const VIDEO_BYTES_MAX = 200 * 1024 * 1024;
const OTHER_BYTES_MAX = 20 * 1024 * 1024;
const FILES_MAX = 20;

export function uploads() {
  addEventListener('change', (event) => {
    const input = event.target;
    const box = input.type === 'file' && input.closest('[data-uploads]');
    if (!box || !input.files.length) return;
    const files = [...input.files];
    input.value = '';
    choose(box, files);
  });
}

// One after the other, so that a weak line carries one at a time.
const lines = new WeakMap();

function choose(box, files) {
  const list = box.querySelector('[data-upload-list]');
  const words = list.dataset;
  const there = box.querySelectorAll('[data-file]').length;
  const jobs = files.map((file, at) => {
    const job = jobOf(box, file, words);
    list.append(job.line);
    if (there + at >= FILES_MAX) job.fail(words.wordFull);
    else if (!file.size) job.fail(words.wordEmpty);
    else if (file.size > most(file)) job.fail(words.wordLarge);
    return job;
  });
  const before = lines.get(box) ?? Promise.resolve();
  lines.set(box, jobs.reduce((line, job) => line.then(() => carry(box, job)), before).then(() => over(box)));
}

const most = (file) => (file.type.startsWith('video/') ? VIDEO_BYTES_MAX : OTHER_BYTES_MAX);

async function carry(box, job) {
  if (job.failed || job.gone) return;
  try {
    const id = await upload(box.dataset.uploads, job);
    if (job.gone) return;
    const form = box.closest('form');
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name: box.dataset.field, value: id });
    form.append(field);
    if (box.dataset.then === 'submit') {
      job.done();
    } else {
      job.remove();
      form.dispatchEvent(new CustomEvent('uploaded', { bubbles: true }));
    }
  } catch (error) {
    const retry = () => carry(box, job).then(() => over(box));
    if (!job.gone) job.fail(error.message, error.final ? undefined : retry);
  }
}

/** A form that is only about files is sent when all are there. */
function over(box) {
  if (box.dataset.then !== 'submit') return;
  const waits = box.querySelector('.upload:not(.is-done)');
  if (!waits && box.querySelector(`input[name="${box.dataset.field}"]`)) box.requestSubmit();
}

function jobOf(box, file, words) {
  const line = document.createElement('div');
  line.className = 'upload';
  const look = document.createElement(file.type.startsWith('video/') ? 'video' : 'img');
  look.className = 'upload-look';
  const preview = /^(image\/(jpeg|png|webp)|video\/)/.test(file.type) ? URL.createObjectURL(file) : '';
  if (preview) look.src = preview;
  look.muted = true;
  look.alt = '';
  const name = document.createElement('span');
  name.className = 'upload-name';
  name.textContent = file.name;
  const bar = document.createElement('progress');
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  const note = document.createElement('span');
  note.className = 'upload-note';
  note.setAttribute('role', 'status');
  const pause = button(words.wordPause, file.name);
  const remove = button(words.wordRemove, file.name);
  line.append(...(preview ? [look] : []), name, bar, note, pause, remove);
  const job = { file, line, words, sent: 0, abort: null, paused: null, failed: false, gone: false };
  const tidy = () => {
    if (preview) URL.revokeObjectURL(preview);
    line.remove();
  };
  job.to = (bytes) => {
    job.sent = bytes;
    bar.value = bytes;
    note.textContent = `${Math.floor((bytes / (file.size || 1)) * 100)}%`;
  };
  job.say = (text) => (note.textContent = text);
  job.done = () => {
    line.classList.add('is-done');
    bar.value = bar.max;
    pause.remove();
    job.say(words.wordDone);
  };
  job.remove = tidy;
  job.fail = (text, retry) => {
    job.failed = true;
    line.classList.add('is-failed');
    bar.hidden = true;
    job.say(`${words.wordFailed} ${text}`);
    if (!retry) return pause.remove();
    pause.textContent = words.wordAgain;
    pause.onclick = () => {
      job.failed = false;
      line.classList.remove('is-failed');
      bar.hidden = false;
      pause.textContent = words.wordPause;
      pause.onclick = toggle;
      retry();
    };
  };
  const toggle = () => {
    if (job.paused) {
      job.paused.go();
      job.paused = null;
      pause.textContent = words.wordPause;
      return;
    }
    let go;
    const wait = new Promise((resolve) => (go = resolve));
    job.paused = { wait, go };
    pause.textContent = words.wordGoOn;
    job.abort?.abort();
  };
  pause.onclick = toggle;
  remove.onclick = () => {
    job.gone = true;
    job.abort?.abort();
    job.paused?.go();
    tidy();
    over(box);
  };
  return job;
}

function button(text, name) {
  const made = document.createElement('button');
  Object.assign(made, { type: 'button', textContent: text });
  made.setAttribute('aria-label', `${text} ${name}`);
  return made;
}

async function upload(at, job) {
  const { file } = job;
  // Drawn here, so that beginning again after a lost answer begins nothing twice.
  job.id ??= uuid7();
  const body = JSON.stringify({ upload_id: job.id, name: file.name, size: file.size });
  const headers = { 'content-type': 'application/json' };
  const begun = await again(job, () => ask(job, at, { method: 'POST', headers, body }));
  const base = `/b/uploads/${begun.upload_id}`;
  let offset = begun.next_offset ?? 0;
  job.to(offset);
  while (offset < file.size) {
    const part = file.slice(offset, offset + begun.part_size);
    const done = await again(job, () => ask(job, `${base}/parts/${offset}`, { method: 'PUT', body: part }));
    offset = done.next_offset ?? offset + part.size;
    job.to(offset);
  }
  const stored = await again(job, () => ask(job, `${base}/finish`, { method: 'POST' }));
  return stored.file_id;
}

async function ask(job, url, options) {
  job.abort = new AbortController();
  const answer = await fetch(url, { ...options, signal: job.abort.signal });
  const told = await answer.json().catch(() => ({}));
  // A part that is out of place is told where to go on; that is an answer too.
  if (answer.ok || told.next_offset !== undefined) return told;
  const error = new Error(told.detail ?? String(answer.status));
  error.final = answer.status < 500 && answer.status !== 408 && answer.status !== 429;
  throw error;
}

/** A lost connection is tried again, a refusal is not; a pause waits. */
async function again(job, act) {
  for (let tries = 1; ; tries += 1) {
    if (job.paused) await job.paused.wait;
    if (job.gone) throw new Error('');
    try {
      return await act();
    } catch (error) {
      if (job.gone) throw error;
      if (error.name === 'AbortError') continue;
      if (error.final || tries >= TRIES_MAX) throw error;
      job.say(job.words.wordWaiting);
      await online(Math.min(PAUSE_MS * tries, PAUSE_MS_MAX));
    }
  }
}

/** Until the line is back, or for a while. */
const online = (ms) => new Promise((wake) => {
  setTimeout(wake, ms);
  addEventListener('online', wake, { once: true });
});

function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

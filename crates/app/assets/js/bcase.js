// A case that stays open on a phone: looks again from time to time, and shows what is new without
// touching a form in which something is typed. Also: which carrier a waybill looks like, and help
// that is searched while one types.
//
//   <div data-version="12" data-version-at="address of the version">  [data-live] parts inside
//   <input data-waybill="address">  with a select[name=carrier] in the same form
//   <input data-filter=".selector of what is searched">

const LOOK_AGAIN_MS = 8_000;
const PAUSE_MS = 350;

export function buyerCase() {
  const page = document.querySelector('[data-version-at]');
  if (page) live(page);
  for (const field of document.querySelectorAll('input[data-waybill]')) waybill(field);
  for (const field of document.querySelectorAll('input[data-filter]')) filter(field);
}

function live(page) {
  let seen = Number(page.dataset.version);
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(page.dataset.versionAt, { headers: { accept: 'application/json' } });
    if (!answer.ok) return;
    const { version } = await answer.json();
    if (version === seen) return;
    const fresh = await fetch(location.pathname);
    if (!fresh.ok) return;
    seen = version;
    replace(new DOMParser().parseFromString(await fresh.text(), 'text/html'), page);
  };
  // A phone loses its connection often: the next look is soon enough.
  setInterval(() => look().catch(() => {}), LOOK_AGAIN_MS);
  document.addEventListener('visibilitychange', () => look().catch(() => {}));
}

// What is read is replaced; forms are offered by a line that leads to the new page.
function replace(fresh, page) {
  for (const part of page.querySelectorAll('[data-live]')) {
    const other = fresh.getElementById(part.id);
    if (other) part.replaceChildren(...document.adoptNode(other).childNodes);
    if (other) part.className = other.className;
  }
  page.querySelector('[data-fresh]').hidden = false;
}

function waybill(field) {
  const carrier = field.form.elements.carrier;
  let waiting;
  let chosen = carrier.value !== '';
  carrier.addEventListener('change', () => { chosen = carrier.value !== ''; });
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    if (chosen) return;
    waiting = setTimeout(async () => {
      const answer = await fetch(`${field.dataset.waybill}?waybill=${encodeURIComponent(field.value)}`);
      const code = answer.ok ? await answer.json() : null;
      if (!chosen) carrier.value = code ?? '';
    }, PAUSE_MS);
  });
}

function filter(field) {
  const entries = [...document.querySelectorAll(field.dataset.filter)];
  field.addEventListener('input', () => {
    const sought = field.value.trim().toLowerCase();
    for (const entry of entries) {
      entry.hidden = !entry.textContent.toLowerCase().includes(sought);
      entry.open = sought !== '' && !entry.hidden;
    }
    for (const card of document.querySelectorAll('.w-card:has(.help-entry)')) {
      card.hidden = !card.querySelector('.help-entry:not([hidden])');
    }
  });
}

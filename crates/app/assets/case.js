// A case: forms that open in place and are worked out again while one types, a copied link, and
// pictures one can come close to. Without this, the same pages are links and forms.
//
//   <a data-tab>                      opens a form of the panel without leaving the page
//   <form data-decide>                fields with data-recount are worked out again
//   <button data-copy="/path">        copies the address
//   <a data-view="…">                 opens the viewer
//   <figure data-zoom>                a picture with zoom and turning

import { replies } from './js/replies.js';

const PAUSE_MS = 350;
const CLOSEST = 8;

const parse = (html) => new DOMParser().parseFromString(html, 'text/html');

async function replaced(answer, selector) {
  const fresh = parse(await answer.text()).querySelector(selector);
  const old = document.querySelector(selector);
  if (fresh && old) old.replaceWith(fresh);
  return fresh;
}

// The panel: another form in place of the one that is open. What was typed for one is kept for the
// next, where it has the same field.
async function tab(link) {
  const typed = new Map();
  for (const field of document.querySelectorAll('#decide [name="note"], #decide [name="amount"]')) {
    if (field.value !== field.defaultValue) typed.set(field.name, field.value);
  }
  const panel = document.querySelector('#panel');
  panel.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(link.href, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = await replaced(answer, '#panel');
    for (const [name, value] of typed) {
      const field = fresh?.querySelector(`#decide [name="${name}"]`);
      if (field) field.value = value;
    }
    history.replaceState(null, '', link.href);
    if (fresh && fresh.getBoundingClientRect().top < 0) fresh.scrollIntoView({ block: 'start' });
    fresh?.querySelector('.mc-tab[aria-current]')?.focus({ preventScroll: true });
    if (typed.has('amount')) recount(fresh.querySelector('#decide'));
    mirror();
  } catch {
    location.assign(link.href);
  }
}

// What will happen, worked out again by the server for what stands in the form now.
let waiting;
let latest = 0;
async function recount(form) {
  const turn = ++latest;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') body.append(name, value);
  }
  form.querySelector('#ahead')?.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin' });
    if (turn === latest) await replaced(answer, '#ahead');
  } catch {
    // Without an answer the form is looked at once more when it is sent.
  }
  form.querySelector('#ahead')?.removeAttribute('aria-busy');
  mirror();
}

// The buyer's words, as they are typed.
function mirror() {
  const typed = document.querySelector('#decide [name="note"]');
  if (!typed) return;
  for (const place of document.querySelectorAll('[data-typed="note"]')) {
    place.dataset.before ??= place.textContent;
    place.textContent = typed.value.trim() || place.dataset.before;
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-tab]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    tab(link);
    return;
  }
  const copy = event.target.closest('[data-copy]');
  if (copy) copied(copy);
});

document.addEventListener('input', (event) => {
  if (!event.target.form?.matches('[data-decide]')) return;
  if (event.target.name === 'note') mirror();
  if (!event.target.matches('[data-recount]')) return;
  clearTimeout(waiting);
  waiting = setTimeout(recount, PAUSE_MS, event.target.form);
});

async function copied(button) {
  try {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    const before = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = before; }, 1_500);
  } catch {
    // Not allowed here: the address is in the browser's own bar.
  }
}

for (const box of document.querySelectorAll('[data-scroll-end]')) box.scrollTop = box.scrollHeight;

// Pictures: closer, farther, turned; dragged when they are larger than their frame.
function figure(element) {
  const picture = element.querySelector('img');
  if (!picture) return;
  const state = { size: 1, turn: 0, x: 0, y: 0 };
  const show = () => {
    const { size, turn, x, y } = state;
    picture.style.transform = `translate(${x}px, ${y}px) rotate(${turn}deg) scale(${size})`;
  };
  const zoom = (by) => {
    state.size = Math.min(CLOSEST, Math.max(1, state.size * by));
    if (state.size === 1) Object.assign(state, { x: 0, y: 0 });
    show();
  };
  element.change = (how) => {
    if (how === 'in') zoom(1.4);
    if (how === 'out') zoom(1 / 1.4);
    if (how === 'turn') {
      state.turn = (state.turn + 90) % 360;
      show();
    }
  };
  element.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }, { passive: false });
  picture.draggable = false;
  picture.addEventListener('pointerdown', (event) => {
    if (state.size === 1) return;
    picture.setPointerCapture(event.pointerId);
    const from = { x: event.clientX - state.x, y: event.clientY - state.y };
    const move = (moved) => {
      Object.assign(state, { x: moved.clientX - from.x, y: moved.clientY - from.y });
      show();
    };
    picture.addEventListener('pointermove', move);
    picture.addEventListener('pointerup', () => picture.removeEventListener('pointermove', move), {
      once: true,
    });
  });
  element.querySelector('[data-full]')?.addEventListener('click', (event) => {
    event.preventDefault();
    if (state.size === 1) zoom(2);
  });
}

const figures = [...document.querySelectorAll('[data-zoom]')];
figures.forEach(figure);

for (const button of document.querySelectorAll('[data-zoom-by]')) {
  button.addEventListener('click', () => {
    for (const element of figures) element.change?.(button.dataset.zoomBy);
  });
}

// Keys of the viewer; never while somebody types.
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, video')) return;
  const link = document.querySelector(`a[data-key="${event.key}"]`);
  if (link) {
    location.assign(link.href);
    return;
  }
  const how = { '+': 'in', '=': 'in', '-': 'out', r: 'turn' }[event.key];
  if (how && figures.length) for (const element of figures) element.change?.(how);
});

replies();

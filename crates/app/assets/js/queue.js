// The merchant's queue: keys, a count of what is chosen, and a list that keeps itself fresh. What
// was ticked stays ticked, and the place where one is stays where it is.

import { listen } from './live.js';

/** What other processes write is not told here: the list is asked for anew this often. */
const FRESH_EVERY_MS = 15_000;

export function queue() {
  const list = document.querySelector('[data-queue]');
  if (!list) return;
  let here = null;
  let tag = '';
  const rows = () => [...list.querySelectorAll('tr[data-case]')];
  const current = () => rows().find((row) => row.dataset.case === here);
  const dialog = document.querySelector('[data-queue-dialog]');
  const help = () => dialog?.showModal();

  function mark() {
    for (const row of rows()) row.classList.toggle('is-current', row.dataset.case === here);
  }

  function move(by) {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((row) => row.dataset.case === here);
    const next = Math.min(Math.max(at + by, 0), all.length - 1);
    here = all[at < 0 ? 0 : next].dataset.case;
    mark();
    const row = current();
    row.scrollIntoView({ block: 'nearest' });
    row.querySelector('a.row-link').focus({ preventScroll: true });
  }

  function count() {
    const chosen = list.querySelectorAll('input[name="case"]:checked').length;
    const told = document.querySelector('[data-queue-chosen]');
    if (told) told.textContent = chosen > 0 ? `(${chosen})` : '';
  }

  function go(verb) {
    if (current()) location.href = `/m/cases/${here}${verb}`;
  }

  function tick() {
    const box = current()?.querySelector('input[name="case"]');
    if (!box) return;
    box.checked = !box.checked;
    count();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    a: () => go('/approve'),
    r: () => go('/reject'),
    x: tick,
    '/': () => document.querySelector('[data-queue-search]')?.focus(),
    '?': help,
  };

  addEventListener('keydown', (event) => {
    const typing = event.target.closest('input:not([type="checkbox"]), select, textarea, dialog');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  list.addEventListener('change', count);
  count();
  document.querySelector('[data-queue-help]')?.addEventListener('click', help);

  async function refresh() {
    if (document.hidden || new URLSearchParams(location.search).has('cursor')) return;
    const headers = tag ? { 'If-None-Match': tag } : {};
    const answer = await fetch(list.dataset.queue, { headers, redirect: 'manual' });
    if (answer.status !== 200) return;
    const html = await answer.text();
    tag = answer.headers.get('ETag') ?? '';
    const ticked = [...list.querySelectorAll('input[name="case"]:checked')];
    const chosen = new Set(ticked.map((box) => box.value));
    const focused = list.contains(document.activeElement)
      ? document.activeElement.closest('tr')?.dataset.case
      : null;
    list.innerHTML = html;
    for (const box of list.querySelectorAll('input[name="case"]')) {
      box.checked = chosen.has(box.value);
    }
    mark();
    count();
    const row = rows().find((row) => row.dataset.case === focused);
    row?.querySelector('a.row-link').focus({ preventScroll: true });
  }

  const anew = () => refresh().catch(() => {});
  listen('/m/cases/live', { queue: anew });
  setInterval(anew, FRESH_EVERY_MS);
}

// A page that stays open is told when what it shows changes, and who else looks at it, as long as
// somebody looks: a tab in the background lets go, for a browser keeps only a few lines open.
//
//   <div data-live-at="where it is told" data-live-from="/m/cases/1" data-version="12">
//     [data-live] with an id       is replaced by what it says now; forms are left alone
//     <p data-fresh hidden>        a line that leads to the new page
//     <p data-people hidden>       who else looks

/** After this a line that was refused is tried again. */
const COME_BACK_MS = 30_000;
/** Without a line, a page that can be asked for its version is asked this often. */
const LOOK_AGAIN_MS = 15_000;

export function live() {
  const page = document.querySelector('[data-live-at]');
  if (!page) return;
  let seen = Number(page.dataset.version);
  const changed = async (version) => {
    if (version <= seen) return;
    const answer = await fetch(page.dataset.liveFrom, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) return;
    seen = version;
    renew(new DOMParser().parseFromString(await answer.text(), 'text/html'), page);
  };
  const isOpen = listen(page.dataset.liveAt, {
    case: ({ version }) => changed(version).catch(() => {}),
    people: ({ sentence }) => people(page, sentence),
  });
  const { versionAt } = page.dataset;
  if (!versionAt) return;
  // A phone loses its connection often: the next look is soon enough.
  const look = async () => {
    if (document.hidden || isOpen()) return;
    const answer = await fetch(versionAt, { headers: { accept: 'application/json' } });
    if (answer.ok) await changed((await answer.json()).version);
  };
  setInterval(() => look().catch(() => {}), LOOK_AGAIN_MS);
}

/** Hears what is told at an address; says whether the line is open. */
export function listen(address, heard) {
  let line = null;
  let waiting;
  const close = () => {
    clearTimeout(waiting);
    line?.close();
    line = null;
  };
  const open = () => {
    if (document.hidden || line) return;
    line = new EventSource(address);
    for (const [name, hear] of Object.entries(heard)) {
      line.addEventListener(name, (event) => hear(JSON.parse(event.data)));
    }
    line.addEventListener('error', () => {
      // A line that only broke off comes back by itself.
      if (line?.readyState !== EventSource.CLOSED) return;
      close();
      waiting = setTimeout(open, COME_BACK_MS);
    });
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
  return () => line?.readyState === EventSource.OPEN;
}

// What is read is replaced; forms are offered by a line that leads to the new page.
function renew(fresh, page) {
  for (const part of page.querySelectorAll('[data-live]')) {
    const other = fresh.getElementById(part.id);
    if (!other || part.contains(document.activeElement)) continue;
    part.replaceChildren(...document.adoptNode(other).childNodes);
    part.className = other.className;
    if (part.matches('[data-scroll-end]')) part.scrollTop = part.scrollHeight;
  }
  for (const line of page.querySelectorAll('[data-fresh]')) line.hidden = false;
}

function people(page, sentence) {
  for (const line of page.querySelectorAll('[data-people]')) {
    line.textContent = sentence;
    line.hidden = sentence === '';
  }
}

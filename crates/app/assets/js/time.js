// Time on a page. The server's clock counts, not the phone's: `<html data-now="RFC 3339">`.
//
//   <time data-countdown datetime="…" data-over="what is said then" data-then="what happens then" data-announce>…</time>
//   <time data-relative datetime="…">…</time>

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From here on a deadline is near: the colour changes. */
const NEAR = 6 * HOUR;

const language = document.documentElement.lang || 'zh-CN';
const served = Date.parse(document.documentElement.dataset.now ?? '');
const ahead = Number.isNaN(served) ? 0 : served - Date.now();

/** The moment, as the server has it. */
export const now = () => Date.now() + ahead;

const unit = (name) =>
  new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' });
const units = { day: unit('day'), hour: unit('hour'), minute: unit('minute'), second: unit('second') };
const joint = language.startsWith('zh') ? '' : ' ';

/** "1 day 3 hours", "3 hours 20 minutes", "12 minutes 5 seconds": the two largest units. */
export function spell(ms) {
  const parts = [
    ['day', Math.floor(ms / DAY)],
    ['hour', Math.floor((ms % DAY) / HOUR)],
    ['minute', Math.floor((ms % HOUR) / MINUTE)],
    ['second', Math.floor((ms % MINUTE) / SECOND)],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  if (first === -1) return units.second.format(0);
  const shown = parts.slice(first, first + 2).filter(([, count]) => count > 0);
  return shown.map(([name, count]) => units[name].format(count)).join(joint);
}

const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

function distance(ms) {
  const size = Math.abs(ms);
  if (size < MINUTE) return relative.format(Math.round(ms / SECOND), 'second');
  if (size < HOUR) return relative.format(Math.round(ms / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.round(ms / HOUR), 'hour');
  return relative.format(Math.round(ms / DAY), 'day');
}

export function time() {
  const voice = document.createElement('p');
  voice.className = 'visually-hidden';
  voice.setAttribute('aria-live', 'polite');
  document.body.append(voice);
  let minute = -1;
  const tick = () => {
    for (const element of document.querySelectorAll('time[data-countdown]')) count(element);
    const current = Math.floor(now() / MINUTE);
    if (current === minute) return;
    // Relative times and the voice for those who listen: at most once a minute.
    if (minute !== -1) announce(voice);
    minute = current;
    for (const element of document.querySelectorAll('time[data-relative]')) {
      element.textContent = distance(Date.parse(element.dateTime) - now());
    }
  };
  tick();
  setInterval(tick, SECOND);
  document.addEventListener('visibilitychange', tick);
}

function count(element) {
  const left = Date.parse(element.dateTime) - now();
  if (Number.isNaN(left)) return;
  element.classList.toggle('is-near', left > 0 && left < NEAR);
  element.classList.toggle('is-over', left <= 0);
  const text = left > 0 ? spell(left) : ((element.dataset.over || element.dataset.zero || spell(0)));
  if (element.textContent !== text) element.textContent = text;
}

function announce(voice) {
  const element = document.querySelector('time[data-countdown][data-announce]');
  if (!element) return;
  const left = Date.parse(element.dateTime) - now();
  // Far from the end an hour is news, near it every minute.
  if (left > 10 * MINUTE && Math.floor(left / MINUTE) % 60 !== 0) return;
  const then = left > 0 && element.dataset.then ? ` · ${element.dataset.then}` : '';
  voice.textContent = element.textContent + then;
}

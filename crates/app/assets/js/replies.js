// Templates of replies: filled into the message without leaving the page, and variables put where
// the cursor stands. Without this the same forms load the page anew.
//
//   <form data-picker>              fills #talk-text with what the server answers
//   <button data-insert="{order}">  goes into the text that was last written in

let filled = '';
let latest = 0;

// Whether the message is what one goes on with. Somebody who goes through the list by the keys
// chooses anew with each key: the message follows, and the list keeps the focus.
async function pick(form, then) {
  const template = form.elements.namedItem('template');
  const text = document.querySelector('#talk-text');
  if (!template.value || !text) return;
  const query = new URLSearchParams(new FormData(form));
  const address = `${new URL(form.action).pathname}?${query}`;
  const turn = ++latest;
  try {
    const answer = await fetch(address, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (turn !== latest) return;
    document.querySelector('#picked')?.replaceWith(fresh.querySelector('#picked'));
    put(text, fresh.querySelector('#talk-text').value);
    if (then === 'write') text.focus();
  } catch {
    if (turn === latest) location.assign(`${address}#talk`);
  }
}

// What a person has written stays; what was filled in and not touched gives way.
function put(text, words) {
  const before = text.value;
  if (!before.trim() || before.trim() === filled.trim()) text.value = words;
  else if (filled && before.endsWith(filled)) text.value = before.slice(0, -filled.length) + words;
  else text.value = `${before.trim()}\n\n${words}`;
  filled = words;
  text.rows = Math.min(12, text.value.split('\n').length + 1);
  text.dispatchEvent(new Event('input', { bubbles: true }));
}

let last = null;

function insert(words) {
  const text = last ?? document.querySelector('#template textarea');
  if (!text) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, 'end');
  text.dispatchEvent(new Event('input', { bubbles: true }));
  text.focus();
}

export function replies() {
  const form = document.querySelector('form[data-picker]');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    pick(form, 'write');
  });
  form?.addEventListener('change', () => pick(form, 'stay'));
  document.addEventListener('focusin', (event) => {
    if (event.target.matches('#template textarea')) last = event.target;
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-insert]');
    if (button) insert(button.dataset.insert);
  });
}

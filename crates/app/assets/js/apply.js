// The application: quantities by − and +, what comes of it worked out while one types, files
// put in order by hand.
//
//   <form data-check> … <div id="…" data-live>    parts that the server draws anew

const WAIT_MS = 600;

export function apply() {
  for (const box of document.querySelectorAll('[data-stepper]')) stepper(box);
  const form = document.querySelector('form[data-check]');
  if (!form) return;
  let timer;
  form.addEventListener('input', (event) => {
    if (event.target.type === 'file') return;
    clearTimeout(timer);
    timer = setTimeout(() => refresh(form), WAIT_MS);
  });
  form.addEventListener('uploaded', () => refresh(form));
  // What concerns one file is done without leaving the page.
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    const what = event.submitter?.value ?? '';
    if (!/^(up|down|remove|use)-/.test(what)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    refresh(form, what);
  }, true);
  // What was typed a moment before leaving is kept as well.
  addEventListener('pagehide', () => {
    if (form.dataset.asked === '1') return;
    if (timer) navigator.sendBeacon?.(form.action, bodyOf(form, 'check'));
  });
  form.addEventListener('submit', () => (form.dataset.asked = '1'));
  arrange(form);
}

function stepper(box) {
  const input = box.querySelector('input');
  const name = document.getElementById(input.getAttribute('aria-labelledby'))?.textContent ?? '';
  const button = (text, word, step) => {
    const made = document.createElement('button');
    Object.assign(made, { type: 'button', textContent: text });
    made.setAttribute('aria-label', `${word} ${name}`);
    made.addEventListener('click', () => {
      if (step > 0) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    return made;
  };
  box.prepend(button('−', box.dataset.less, -1));
  box.append(button('+', box.dataset.more, 1));
}

function bodyOf(form, what) {
  const body = new FormData(form);
  body.set('do', what);
  body.delete('file');
  body.delete('proof');
  const order = [...form.querySelectorAll('[data-arrange] [data-file]')];
  body.set('order', order.map((file) => file.dataset.file).join(' '));
  // A form without files goes as plain text.
  return form.enctype === 'multipart/form-data' ? body : new URLSearchParams(body);
}

// Answers come in the order of asking, so that an older one never covers a newer.
let line = Promise.resolve();

function refresh(form, what = 'check') {
  line = line.then(() => redraw(form, what)).catch(() => {});
  return line;
}

async function redraw(form, what) {
  const carried = [...form.querySelectorAll('input[name="file_id"], input[name="proof_id"]')];
  const answer = await fetch(form.action, { method: 'POST', body: bodyOf(form, what) });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (!page.querySelector('form[data-check]')) return;
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(old.id);
    const busy = old.contains(document.activeElement) && document.activeElement.matches('input, textarea');
    if (fresh && !busy && fresh.outerHTML !== old.outerHTML) old.replaceWith(document.adoptNode(fresh));
  }
  const amount = document.getElementById('amount');
  const hint = page.getElementById('amount')?.getAttribute('placeholder');
  if (amount && hint) amount.placeholder = hint;
  if (answer.ok) carried.forEach((field) => field.remove());
}

/** Pictures change places by dragging; the arrows do the same. */
function arrange(form) {
  let held = null;
  const list = () => form.querySelector('[data-arrange]');
  form.addEventListener('dragstart', (event) => {
    held = event.target.closest('[data-arrange] [data-file]');
    held?.classList.add('is-held');
  });
  form.addEventListener('dragover', (event) => {
    const over = event.target.closest('[data-arrange] [data-file]');
    if (!held || !over || over === held) return;
    event.preventDefault();
    const files = [...list().children];
    if (files.indexOf(held) < files.indexOf(over)) over.after(held);
    else over.before(held);
  });
  form.addEventListener('drop', (event) => held && event.preventDefault());
  form.addEventListener('dragend', () => {
    if (!held) return;
    held.classList.remove('is-held');
    held = null;
    refresh(form);
  });
}

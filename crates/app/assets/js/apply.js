// The application: quantities by − and +, and what comes of it worked out while one types.

const WAIT_MS = 500;

export function apply() {
  for (const box of document.querySelectorAll('[data-stepper]')) stepper(box);
  const form = document.querySelector('form[data-check]');
  if (!form) return;
  let timer;
  const check = () => refresh(form, form.dataset.check);
  form.addEventListener('input', (event) => {
    if (event.target.type === 'file') return;
    clearTimeout(timer);
    timer = setTimeout(check, WAIT_MS);
  });
  form.addEventListener('uploaded', () => refresh(form, '#evidence, #proof, ' + form.dataset.check));
}

function stepper(box) {
  const input = box.querySelector('input');
  const button = (text, step) => {
    const made = document.createElement('button');
    Object.assign(made, { type: 'button', textContent: text });
    made.setAttribute('aria-label', `${text} ${document.getElementById(input.getAttribute('aria-labelledby'))?.textContent ?? ''}`);
    made.addEventListener('click', () => {
      if (step > 0) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    return made;
  };
  box.prepend(button('−', -1));
  box.append(button('+', 1));
}

/** Sends the form as “work it out again” and takes over the parts that say what came of it. */
async function refresh(form, parts) {
  const body = new FormData(form);
  body.set('do', 'check');
  body.delete('file');
  const answer = await fetch(form.action, { method: 'POST', body }).catch(() => null);
  if (!answer) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const old of document.querySelectorAll(parts)) {
    const fresh = page.getElementById(old.id);
    const busy = old.contains(document.activeElement) && document.activeElement.matches('input, textarea');
    if (!fresh) continue;
    if (busy) swapAround(old, fresh);
    else old.replaceWith(fresh);
  }
  form.querySelectorAll('input[name="file_id"]').forEach((field) => field.remove());
}

/** What is being typed into is left alone; the rest of the part is taken over. */
function swapAround(old, fresh) {
  const typing = document.activeElement.closest('section');
  [...old.children].forEach((child, at) => {
    const twin = fresh.children[at];
    if (child === typing) {
      const table = child.querySelector('table');
      const other = twin?.querySelector('table');
      if (table && other) table.replaceWith(other);
    } else if (twin) {
      child.replaceWith(twin.cloneNode(true));
    }
  });
}

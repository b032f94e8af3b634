// Forms: sent once, asked about when it matters, warned about when unsaved.
//
//   <form data-confirm="question" data-confirm-no="not yet">    also on a submit button
//   <form data-unsaved>                                         leaving asks first

/** After this a button works again: the answer may have been a file. */
const REOPENED_AFTER_MS = 10_000;

const sent = new WeakSet();
const confirmed = new WeakSet();
const touched = new Set();

export function forms() {
  addEventListener('submit', onSubmit, true);
  addEventListener('submit', once);
  addEventListener('pageshow', reopen);
  addEventListener('input', (event) => {
    const form = event.target.form;
    if (form?.matches('[data-unsaved]')) touched.add(form);
  });
  addEventListener('beforeunload', (event) => {
    if ([...touched].some((form) => form.isConnected)) event.preventDefault();
  });
}

// Before anybody else: a question that is open stops everything.
function onSubmit(event) {
  const form = event.target;
  const asking = event.submitter?.dataset.confirm ? event.submitter : form;
  if (asking.dataset.confirm && !confirmed.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(asking, event.submitter).then((yes) => {
      if (!yes) return;
      confirmed.add(form);
      form.requestSubmit(event.submitter);
    });
    return;
  }
  confirmed.delete(form);
  if (sent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog' || form.method === 'get') return;
  sent.add(form);
  touched.delete(form);
  form.setAttribute('aria-busy', 'true');
  // After the browser has read the form: a disabled button is not sent along.
  setTimeout(() => {
    for (const button of buttons(form)) {
      if (!button.disabled) {
        button.disabled = true;
        button.dataset.waiting = '';
      }
    }
  });
  setTimeout(() => open(form), REOPENED_AFTER_MS);
}

const buttons = (form) => [...form.elements].filter((element) => element.type === 'submit');

function open(form) {
  sent.delete(form);
  form.removeAttribute('aria-busy');
  for (const button of buttons(form)) {
    if ('waiting' in button.dataset) {
      button.disabled = false;
      delete button.dataset.waiting;
    }
  }
}

function reopen() {
  for (const form of document.forms) open(form);
}

function ask(element, submitter) {
  const dialog = document.createElement('dialog');
  dialog.className = 'w-dialog';
  const question = document.createElement('p');
  question.id = 'w-dialog-question';
  question.textContent = element.dataset.confirm;
  dialog.setAttribute('aria-labelledby', question.id);
  const form = document.createElement('form');
  form.method = 'dialog';
  form.append(
    choice('no', element.dataset.confirmNo ?? '×', 'btn weui-btn weui-btn_default weui-btn_mini'),
    choice('yes', element.dataset.confirmYes ?? submitter?.textContent.trim() ?? '✓',
      'btn btn-primary weui-btn weui-btn_primary weui-btn_mini'),
  );
  dialog.append(question, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      submitter?.focus();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

function choice(value, text, look) {
  const button = document.createElement('button');
  button.value = value;
  button.className = look;
  button.textContent = text;
  return button;
}

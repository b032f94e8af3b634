// A case on a phone: which carrier a waybill looks like, and help that is searched while one types.
//
//   <input data-waybill="address">  with a select[name=carrier] in the same form
//   <input data-filter=".selector of what is searched">

const PAUSE_MS = 350;

export function buyerCase() {
  for (const field of document.querySelectorAll('input[data-waybill]')) waybill(field);
  for (const field of document.querySelectorAll('input[data-filter]')) filter(field);
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

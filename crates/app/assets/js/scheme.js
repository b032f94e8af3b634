// The colour scheme: `<button data-scheme="light|dark|auto">` changes it at once and remembers it
// in the cookie that the server reads.

const YEAR_SECONDS = 31_536_000;

export function scheme() {
  addEventListener('click', (event) => {
    const chosen = event.target.closest?.('button[data-scheme], a[data-scheme]');
    if (!chosen) return;
    event.preventDefault();
    const value = chosen.dataset.scheme;
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie =
      `wanbi_scheme=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`;
    show(document.documentElement, 'data-bs-theme', value);
    show(document.body, 'data-weui-theme', value);
    for (const other of document.querySelectorAll('[data-scheme][aria-pressed]')) {
      other.setAttribute('aria-pressed', String(other.dataset.scheme === value));
    }
    dispatchEvent(new CustomEvent('wanbi:scheme'));
  });
}

function show(element, attribute, value) {
  if (value === 'auto') element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}

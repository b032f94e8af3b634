// Tabler is dark where `data-bs-theme=dark` stands. So that a page follows the system without any
// script, each such rule is said once more for a system that is dark and a page that does not ask
// for light.

import postcss from 'postcss';

// The theme of the page, or of any part of it; not what Tabler turns inside out within the other.
const DARK = /^(?::root)?\[data-bs-theme=["']?dark["']?\]/;
// As heavy as the attribute it stands for, so that the order of the rules decides as before.
const SYSTEM = ":root:where(:not([data-bs-theme='light']))";

/** The stylesheet, with each dark rule followed by its twin for a dark system. */
export function followSystem(css, from) {
  const sheet = postcss.parse(css, { from });
  const dark = [];
  sheet.walkRules((rule) => {
    const selectors = rule.selectors.filter((selector) => DARK.test(selector));
    if (selectors.length > 0) dark.push([rule, selectors]);
  });
  for (const [rule, selectors] of dark) {
    const media = postcss.atRule({ name: 'media', params: '(prefers-color-scheme: dark)' });
    media.append(rule.clone({ selectors: selectors.map((own) => own.replace(DARK, SYSTEM)) }));
    rule.after(media);
  }
  return sheet.toString();
}

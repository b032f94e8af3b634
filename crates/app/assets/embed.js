// A shop's refund policy on any page: <wanbi-policy shop="tea" lang="en"></wanbi-policy>.
// It is read as data and written into a tree of its own, so that neither page disturbs the other;
// where a page forbids that, the same is shown in a frame.

const home = new URL(document.currentScript?.src ?? location.href).origin;

const LOOK = `
  :host { display: block; font: 14px/1.6 system-ui, sans-serif; color: inherit; }
  h2 { margin: 0; font-size: 1.1em; }
  dt { margin-top: .7em; font-weight: 600; }
  dd { margin: 0; opacity: .85; }
  p { margin: .8em 0 0; }
  a { color: inherit; }
  iframe { width: 100%; height: 420px; border: 0; }`;

class WanbiPolicy extends HTMLElement {
  static observedAttributes = ['shop', 'lang'];

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' });
    this.show();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.shadowRoot) this.show();
  }

  async show() {
    const shop = this.getAttribute('shop');
    if (!shop) return;
    const language = this.getAttribute('lang') ?? document.documentElement.lang;
    const query = language ? `?lang=${encodeURIComponent(language)}` : '';
    const address = `${home}/policy/${encodeURIComponent(shop)}/snippet`;
    try {
      const answer = await fetch(`${address}.json${query}`, { credentials: 'omit' });
      if (!answer.ok) throw new Error(String(answer.status));
      this.write(await answer.json());
    } catch {
      const frame = element('iframe', '');
      frame.src = address + query;
      frame.title = this.getAttribute('title') ?? 'Refund policy 退款政策';
      frame.loading = 'lazy';
      this.put(frame);
    }
  }

  write(policy) {
    const list = element('dl', '');
    for (const clause of policy.clauses) {
      list.append(element('dt', clause.title), element('dd', clause.text));
    }
    const more = element('a', policy.more);
    more.href = policy.url;
    more.target = '_blank';
    more.rel = 'noopener';
    const last = element('p', '');
    last.append(more);
    this.put(element('h2', policy.title), list, last);
  }

  put(...parts) {
    this.shadowRoot.replaceChildren(...parts);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    this.shadowRoot.adoptedStyleSheets = [sheet];
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

if (!customElements.get('wanbi-policy')) customElements.define('wanbi-policy', WanbiPolicy);

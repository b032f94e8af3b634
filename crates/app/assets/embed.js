// A shop's policy on a page of its own: <wanbi-policy src="https://…"></wanbi-policy>.

class WanbiPolicy extends HTMLElement {
  connectedCallback() {
    const source = this.getAttribute('src');
    if (!source || this.querySelector('iframe')) return;
    const frame = document.createElement('iframe');
    frame.src = source;
    frame.title = this.getAttribute('title') ?? document.title;
    frame.loading = 'lazy';
    frame.width = '100%';
    frame.height = this.getAttribute('height') ?? '480';
    frame.setAttribute('frameborder', '0');
    this.append(frame);
  }
}

if (!customElements.get('wanbi-policy')) customElements.define('wanbi-policy', WanbiPolicy);

/// Scripts that look at a page as those who cannot see it, or cannot tell its colours, meet it.
enum PageExamination {
    /// What has no name for a screen reader, or is out of order: a list of sentences.
    static let names = """
        (() => {
          const faults = [];
          const name = (e) => (e.getAttribute('aria-label') || e.textContent || e.title || '').trim();
          if (!document.documentElement.lang) faults.push('no language');
          if (!document.title) faults.push('no title');
          if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
          if (!document.querySelector('main')) faults.push('no main');
          for (const e of document.querySelectorAll('a[href], button, summary')) {
            if (!name(e)) faults.push('no name: ' + e.outerHTML.slice(0, 120));
          }
          for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
            if (!e.getAttribute('aria-label') && !(e.labels && e.labels.length && e.labels[0].textContent.trim()))
              faults.push('no label: ' + e.outerHTML.slice(0, 120));
          }
          for (const e of document.querySelectorAll('svg')) {
            if (e.getAttribute('role') !== 'img' || !e.getAttribute('aria-label')) faults.push('no name of a picture');
          }
          const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
          for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push('twice: ' + id);
          for (const e of document.querySelectorAll('th')) if (!e.scope) faults.push('a heading of no scope: ' + e.textContent);
          return faults;
        })()
        """

    /// Texts whose contrast with what is behind them is below 4.5, as a list of sentences.
    ///
    /// Source: WCAG 2.2, success criterion 1.4.3 and its definition of relative luminance.
    static let contrast = """
        (() => {
          const rgb = (text) => { const n = text.match(/[0-9.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
          const linear = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); };
          const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const color = rgb(getComputedStyle(e).backgroundColor);
              if (color[3] === 1) return color;
            }
            return matchMedia('(prefers-color-scheme: dark)').matches ? [17, 20, 24, 1] : [255, 255, 255, 1];
          };
          const faults = new Set();
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const e = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest('svg, script, option')) continue;
            const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) faults.add(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className);
          }
          return [...faults];
        })()
        """

    /// Whether the focus can be seen where it is.
    static let focus = """
        (() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        })()
        """

    /// What on the page of a latent differs from the API's value of the same; a list of sentences.
    static let numbers = """
        (async () => {
          const path = document.querySelector('.tools a').getAttribute('href');
          const sheet = await (await fetch(path)).json();
          const faults = [];
          const digits = (text) => Number(text.replaceAll(',', ''));
          const same = (what, shown, value) => { if (shown !== value) faults.push(`${what}: ${shown}, not ${value}`); };
          const field = (root, name) => root.querySelector(`[data-field=${name}]`).textContent;
          same('tokens_fired', digits(field(document, 'tokens_fired')), sheet.activity.tokens_fired);
          same('tokens', digits(field(document, 'tokens')), sheet.activity.tokens);
          same('maximum', field(document, 'maximum'), sheet.activity.maximum.toFixed(2));
          same('density', Number(field(document, 'density')).toPrecision(2), sheet.activity.density.value.toPrecision(2));
          for (const label of sheet.labels) {
            const article = document.querySelector(`article[data-node="${label.node}"]`);
            same('text', article.querySelector('h2').textContent, label.text || 'Scored without an explanation');
            for (const score of label.scores) {
              const row = article.querySelector(`tr[data-node="${score.node}"]`);
              const number = (v) => v.toFixed(2).replace(/^(-?)0\\./, '$1.').replace('-', '−');
              if (score.headline) same(score.node, field(row, 'value'), number(score.headline.value));
              same(score.node + ' judged', field(row, 'judged'), 'n=' + score.judged);
              same(score.node + ' failed', field(row, 'failed'), 'f=' + score.failed);
            }
          }
          return faults;
        })()
        """
}

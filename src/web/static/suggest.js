// Completions below a search box: themes, members, countries and titles that begin as the reader types. Everything
// works without this file; where it runs, the box follows the combobox pattern of WAI-ARIA.
'use strict';

for (const input of document.querySelectorAll('input[name=q][data-suggest]')) {
  const { suggest, home } = input.dataset;
  const names = JSON.parse(input.dataset.names);
  const list = document.createElement('ul');
  list.id = `${input.id}-completions`;
  list.className = 'completions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.dataset.label);
  input.insertAdjacentElement('afterend', list);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', list.id);

  let running = null;
  let timer = 0;

  const address = ({ kind, id }) => {
    switch (kind) {
      case 'theme': return `${home}themes/${encodeURIComponent(id)}`;
      case 'member': return `${home}members/${encodeURIComponent(id)}`;
      case 'country': return `${home}search?country=${encodeURIComponent(id)}`;
      default: return `${home}r/${encodeURIComponent(id)}`;
    }
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const show = (items) => {
    list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement('li');
      option.id = `${list.id}-${at}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.dataset.address = address(item);
      const label = document.createElement('span');
      label.textContent = item.label;
      const kind = document.createElement('span');
      kind.className = 'count';
      kind.textContent = names[item.kind] ?? '';
      option.append(label, kind);
      return option;
    }));
    list.hidden = items.length === 0;
    input.setAttribute('aria-expanded', String(items.length > 0));
    input.removeAttribute('aria-activedescendant');
  };

  const ask = async () => {
    running?.abort();
    const words = input.value.trim();
    if (words.length < 2 || words.length > 100) return close();
    running = new AbortController();
    try {
      const answer = await fetch(`${suggest}?q=${encodeURIComponent(words)}`, {
        headers: { 'Accept-Language': document.documentElement.lang },
        signal: running.signal,
      });
      if (answer.ok && document.activeElement === input) show((await answer.json()).items.slice(0, 8));
    } catch {
      // Aborted by the next letter, or offline: the box works without completions.
    }
  };

  const move = (step) => {
    const options = [...list.children];
    const now = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
    const next = now + step < -1 ? options.length - 1 : now + step;
    options.forEach((option, at) => option.setAttribute('aria-selected', String(at === next)));
    if (options[next]) input.setAttribute('aria-activedescendant', options[next].id);
    else input.removeAttribute('aria-activedescendant');
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      close();
    } else if (event.key === 'Enter') {
      const chosen = list.querySelector('[aria-selected=true]');
      if (chosen) {
        event.preventDefault();
        location.assign(chosen.dataset.address);
      }
    }
  });
  input.addEventListener('blur', close);
  // Before the box loses focus, or the list would be gone by the time of the click.
  list.addEventListener('mousedown', (event) => {
    const chosen = event.target.closest('[role=option]');
    if (chosen && event.button === 0) {
      event.preventDefault();
      location.assign(chosen.dataset.address);
    }
  });
}

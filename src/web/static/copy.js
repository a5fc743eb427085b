// A button beside each address to copy. Everything works without this file: the address can be selected and copied as
// any other text, and no button stands there that would do nothing.
'use strict';

for (const field of document.querySelectorAll('.copy[data-copy]')) {
  const { copy, done } = field.dataset;
  const input = field.querySelector('input');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = copy;
  button.setAttribute('aria-describedby', input.id);
  const said = document.createElement('span');
  said.className = 'hint';
  said.setAttribute('role', 'status');
  input.insertAdjacentElement('afterend', button);
  field.append(said);

  let timer = 0;
  const tell = () => {
    said.textContent = done;
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = ''; }, 4000);
  };

  button.addEventListener('click', async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      tell();
    } catch {
      // Not a secure address, or not permitted: what is selected can still be copied the old way, or by hand.
      if (document.execCommand('copy')) tell();
    }
  });
  input.addEventListener('focus', () => input.select());
}
